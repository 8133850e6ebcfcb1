/**
 * Words for a failure whose exception says what happened and not what to do. A small model reads "does not support item assignment"
 * and writes the same line again (docs/quality.md, `write-merge-intervals`).
 */
import type { TestFinding } from "./finding.ts";
import type { TestJudgement } from "./test-report.ts";

const NONE =
	"The value is None: what it comes from returns nothing, as a function without return does, and list.sort and list.append.";

/** Python's own texts (Objects/*.c, Python/ceval.c), and what to do; `$1` is what the text names. */
const HINTS: readonly (readonly [text: RegExp, hint: string])[] = [
	[
		/TypeError: 'tuple' object does not support item assignment/,
		"A tuple cannot be changed: put a new one in its place, such as items[-1] = (first, second).",
	],
	[/TypeError: 'str' object does not support item assignment/, "A string cannot be changed: build a new one."],
	[
		/TypeError: unhashable type: '(list|dict|set)'/,
		"A $1 can be no key of a dict and no member of a set: use a tuple, a frozenset, or something that names it.",
	],
	[/RuntimeError: (?:dictionary|Set) changed size during iteration/, "Loop over a copy: for item in list(items)."],
	[/TypeError: 'NoneType' object is not (?:iterable|subscriptable|callable)/, NONE],
	[/AttributeError: 'NoneType' object has no attribute/, NONE],
	[/TypeError: unsupported operand type\(s\) for \S+ '(?:NoneType' and '\w+|\w+' and 'NoneType)'/, NONE],
	[
		/TypeError: unsupported operand type\(s\) for \S+ (?:'datetime\.\w+' and '(?:int|float)'|'(?:int|float)' and 'datetime\.\w+')/,
		"A number is no span of time: from datetime import timedelta, then day + timedelta(days=1).",
	],
	[
		/TypeError: (?:unsupported operand type\(s\) for \S+|'\S+' not supported between instances of) '(?:str' and '(?:int|float)|(?:int|float)' and 'str)'/,
		"One of the two is text: make it a number first, int(value) or float(value).",
	],
	[
		/TypeError: (?:'(generator|map|filter|zip|dict_\w+)' object is not subscriptable|object of type '(?:generator|map|filter|zip)' has no len)/,
		"It has neither places nor a length: make it a list first, list(values).",
	],
	[/TypeError: 'set' object is not subscriptable/, "A set has no order: sorted(values)[0], or keep a list beside it."],
	[
		/TypeError: '(int|float)' object is not (?:iterable|subscriptable)/,
		"It is one number: range(number) counts up to it, str(number) has its digits, [number] is a list of it.",
	],
	[
		/TypeError: '(list|dict|set|tuple|str|int|float|bool)' object is not callable/,
		"A value has the name of what is called, as self.items = [] hides a method items(): give the value another name, such as self._items, everywhere.",
	],
	[/ZeroDivisionError: /, "Say first what is to come where there is nothing to divide by, as for an empty list."],
	[/KeyError: /, "The dict has no such key there: set it first, or read it as values.get(key, default)."],
	[/RecursionError: /, "For this input nothing ends the recursion: return without a call of itself first."],
	[/TypeError: can only concatenate str \(not "\w+"\) to str/, "Make it text first: str(value), or an f-string."],
	[
		/UnboundLocalError: [^\n]*variable '(\w+)'/,
		"$1 gets a value somewhere in this function, so it is the function's own and has none before: give it one first, or another name.",
	],
	[
		/TypeError: (\w+(?:\.\w+)*)\(\) missing \d+ required (?:positional|keyword-only) arguments?/,
		"Pass it in each call of $1, or give the parameter a default.",
	],
	[
		/TypeError: (\w+(?:\.\w+)*)\(\) got an unexpected keyword argument/,
		"The signature of $1 has no such parameter: add it there, or change the call.",
	],
];

/** The judgement, with a hint on each finding that has none and whose exception has one. */
export function withErrorHints(judgement: TestJudgement): TestJudgement {
	if (judgement.status !== "findings") return judgement;
	const findings = judgement.findings.map((finding): TestFinding => {
		const hint = finding.hint ?? errorHint(finding.message);
		return hint === null ? finding : { ...finding, hint };
	});
	return { ...judgement, findings };
}

function errorHint(message: string): string | null {
	for (const [text, hint] of HINTS) {
		const found = text.exec(message);
		if (found !== null) return hint.replaceAll("$1", found[1] ?? "");
	}
	return null;
}
