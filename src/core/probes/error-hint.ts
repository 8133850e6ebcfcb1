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
