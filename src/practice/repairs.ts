/** The templates: each turns one line into what it may have been meant to be. */
import type { Evidence, RepairKind } from "./evidence.ts";
import { indentOf, namesIn, type PythonFunction } from "./python-source.ts";

export interface Repair {
	readonly kind: RepairKind;
	/** In place of the line; several where one is added. */
	readonly lines: readonly string[];
	/** 0 for a template's first idea about a place; its others are less likely. */
	readonly rank?: number;
}

/** A line with what surrounds it. */
export interface LineContext {
	readonly line: string;
	/** The same without strings and comments. */
	readonly code: string;
	/** The function it stands in and its masked lines from the `def` on; null for code of a module or class. */
	readonly within: { readonly found: PythonFunction; readonly body: readonly string[]; readonly offset: number } | null;
	/** Attributes of `self` in the file. */
	readonly attributes: readonly string[];
}

type Rewrite = readonly [kind: RepairKind, to: string];

const COMPARISONS: Readonly<Record<string, readonly string[]>> = {
	"<": ["<=", ">"],
	"<=": ["<", ">="],
	">": [">=", "<"],
	">=": [">", "<="],
	"==": ["!=", ">=", "<="],
	"!=": ["=="],
};
const OPERATORS: Readonly<Record<string, readonly string[]>> = {
	"+": ["-", "*"],
	"-": ["+"],
	"*": ["+", "/", "**"],
	"**": ["*"],
	"/": ["//", "*"],
	"//": ["/", "%"],
	"%": ["//", "/"],
	"+=": ["-=", "="],
	"-=": ["+="],
	"*=": ["+=", "/="],
	"/=": ["*="],
};
const WORDS: Readonly<Record<string, readonly Rewrite[]>> = {
	and: [["boolean", "or"]],
	or: [["boolean", "and"]],
	True: [["boolean", "False"]],
	False: [["boolean", "True"]],
	min: [["call", "max"]],
	max: [["call", "min"]],
	any: [["call", "all"]],
	all: [["call", "any"]],
	upper: [["call", "lower"]],
	lower: [["call", "upper"]],
	strip: [
		["call", "lstrip"],
		["call", "rstrip"],
	],
	lstrip: [
		["call", "strip"],
		["call", "rstrip"],
	],
	rstrip: [
		["call", "strip"],
		["call", "lstrip"],
	],
	startswith: [["call", "endswith"]],
	endswith: [["call", "startswith"]],
	append: [["call", "extend"]],
	extend: [["call", "append"]],
	floor: [["call", "ceil"]],
	ceil: [["call", "floor"]],
	title: [["call", "capitalize"]],
	capitalize: [["call", "title"]],
	popleft: [["call", "pop"]],
	keys: [
		["call", "values"],
		["call", "items"],
	],
	values: [
		["call", "keys"],
		["call", "items"],
	],
	int: [["call", "round"]],
	break: [["boolean", "continue"]],
	continue: [["boolean", "break"]],
};
const OPERAND = "(?:(?:[A-Za-z_][\\w.]*|\\d[\\d.]*)(?:\\([^()]*\\)|\\[[^\\[\\]]*\\])*|\\([^()]*\\))";
const KEYWORDS = new Set(
	"and as assert async await break class continue def del elif else except False finally for from global if import in is lambda None nonlocal not or pass raise return True try while with yield self cls".split(
		" ",
	),
);

/** All repairs of one line, in the templates' order. */
export function repairsOf(context: LineContext, evidence: Evidence): readonly Repair[] {
	const { line, code } = context;
	if (line.trim() === "" || /^\s*(import|from|class|@|global|nonlocal)\b/.test(code)) return [];
	const isHead = /^\s*(async )?def /.test(code);
	const rewrites = isHead
		? [...numbers(), ...at(/(?<==\s*)\b(True|False)\b/g, (token) => WORDS[token] ?? [])]
		: [
				...at(/(?<![<>=!])(<=|>=|==|!=|<|>)(?![<>=])/g, (token) =>
					all(/[<>]/.test(token) ? "comparison" : "boolean", COMPARISONS[token]),
				),
				...at(/(?<=[\w)\]]\s*)(\*\*|\/\/|[+\-*/]=|[+\-*/%])(?![*/=>])(?=\s*[\w([-])/g, (token) =>
					all("operator", OPERATORS[token]),
				),
				...at(/\b([A-Za-z]+)\b/g, (token) => (Object.hasOwn(WORDS, token) ? (WORDS[token] ?? []) : [])),
				...negations(),
				...numbers(),
				...ranges(),
				...texts(),
				...swaps(),
				...calls(),
				...variables(),
			];
	return [...rewrites, ...(isHead ? [] : returnRepairs(context))];

	/** Replaces group 1 of each match. */
	function at(pattern: RegExp, rewrite: (token: string) => readonly Rewrite[], text = code): readonly Repair[] {
		return [...text.matchAll(pattern)].flatMap((match) => {
			const token = match[1] ?? "";
			const start = match.index + match[0].indexOf(token);
			return rewrite(line.slice(start, start + token.length)).map(([kind, to], rank) => ({
				kind,
				rank,
				lines: [line.slice(0, start) + to + line.slice(start + token.length)],
			}));
		});
	}

	function negations(): readonly Repair[] {
		return [
			...at(/\b(not )(?!in\b)/g, () => [["boolean", ""]]),
			...at(
				/\b(?:if|elif|while|and|or|return) (?!not\b)(?=[\w.]+(?:\([^()]*\))?\s*(?::|$|and\b|or\b))(\w)/g,
				(token) => [["boolean", `not ${token}`]],
			),
			...(/\bfor\b/.test(code) && !/\bif\b/.test(code)
				? []
				: at(/(?<!\bnot|\bfor [\w, ()]+)( in )/g, () => [["boolean", " not in "]])),
			...at(/( not in )/g, () => [["boolean", " in "]]),
			...at(/( is not )/g, () => [["boolean", " is "]]),
			...at(/( is )(?!not\b)/g, () => [["boolean", " is not "]]),
		];
	}

	function numbers(): readonly Repair[] {
		return at(/(?<![\w.])(\d+(?:\.\d+)?)(?![\w.])/g, (token) => numberRewrites(token, evidence));
	}

	function ranges(): readonly Repair[] {
		const stretch = (token: string): readonly Rewrite[] => [
			["boundary", `${token} + 1`],
			["boundary", `${token} - 1`],
		];
		const argument = "((?:[^(),]|\\([^()]*\\))+)";
		return [
			...at(new RegExp(`(?<=\\brange\\()${argument}(?=\\))`, "g"), (token) => [
				...stretch(token),
				["boundary", `1, ${token} + 1`],
				["boundary", `1, ${token}`],
			]),
			...at(new RegExp(`(?<=\\brange\\([^(),]+, )${argument}(?=\\))`, "g"), stretch),
			...at(/(?<=\[[^[\]:]*:\s*)([A-Za-z_][\w.]*)(?=\s*\])/g, stretch),
			...at(/(?<=\[\s*)([A-Za-z_][\w.]*)(?=\s*\])/g, stretch),
			...at(/(\blen\([^()]*\))(?! [+-] 1)/g, (token) => [
				["boundary", `${token} - 1`],
				["boundary", `${token} + 1`],
			]),
			...at(/( [+-] 1)(?![\w.])/g, () => [["boundary", ""]]),
			...at(/\[(\d+:)\]/g, () => [["boundary", ":"]]),
		];
	}

	/** Text constants, toward the text that the assertion expects. */
	function texts(): readonly Repair[] {
		if (evidence.texts === null) return [];
		const { removed, added } = differenceOf(evidence.texts.actual, evidence.texts.expected);
		return [...line.matchAll(/(["'])((?:(?!\1)[^\\])*)\1/g)].flatMap((match) => {
			const inner = match[2] ?? "";
			if (code.slice(match.index, match.index + match[0].length).trim() !== "") return [];
			const changed =
				removed !== "" && inner.includes(removed)
					? [inner.replace(removed, added)]
					: removed === ""
						? [inner + added, added + inner]
						: [];
			const start = match.index + 1;
			return changed.map(
				(to) => ({ kind: "constant", lines: [line.slice(0, start) + to + line.slice(start + inner.length)] }) as const,
			);
		});
	}

	function swaps(): readonly Repair[] {
		return [
			...at(new RegExp(`(?<![\\w.)\\]])(${OPERAND} (?:-|//|/|%|\\*\\*) ${OPERAND})(?![\\w.(\\[])`, "g"), (token) => {
				const parts = new RegExp(`^(${OPERAND}) (\\S+) (${OPERAND})$`).exec(token);
				return parts === null || parts[1] === parts[3] ? [] : [["swap", `${parts[3]} ${parts[2]} ${parts[1]}`]];
			}),
			...at(/(?<=\w\()(?<!\b(?:min|max|set|print)\()([^(),=]+(?:, [^(),=]+)+)(?=\))/g, (token) => {
				const parts = token.split(", ");
				return parts.slice(1).map((_, index): Rewrite => {
					const moved = parts.with(index, parts[index + 1] ?? "").with(index + 1, parts[index] ?? "");
					return ["swap", moved.join(", ")];
				});
			}),
			...at(/\breturn ([^(),\s]+, [^(),\s]+)$/g, (token) => [["swap", token.split(", ").reverse().join(", ")]]),
		];
	}

	function calls(): readonly Repair[] {
		return [
			...at(/\bsorted\((?![^()]*\breverse)((?:[^()]|\([^()]*\))+)\)/g, (token) => [["call", `${token}, reverse=True`]]),
			...at(/(, reverse=True)/g, () => [["call", ""]]),
			...at(/((?:\breturn |= )sorted\([^()]*\))/g, (token) => [["call", token.replace(/sorted\(([^()]*)\)/, "$1")]]),
			...at(/(?<=\breturn )([A-Za-z_][\w.]*)$/g, (token) => [
				["call", `sorted(${token})`],
				["call", `len(${token})`],
				["call", `not ${token}`],
			]),
			...at(/(?<=\breturn )(.+ \/ .+)$/g, (token) => [["call", `round(${token})`]]),
			...at(/(?<![=!<>+\-*/%])( = )(?!=)/g, () =>
				context.within === null
					? []
					: [
							["operator", " += "],
							["operator", " -= "],
						],
			),
		];
	}

	/** Another parameter, local or attribute in a name's place. */
	function variables(): readonly Repair[] {
		if (context.within === null) return [];
		const locals = localsOf(context.within);
		const used = /^\s*[\w.]+\s*[-+*/]?=(?!=)/.exec(code)?.[0].length ?? 0;
		const place = (from: RegExp, others: readonly string[]) =>
			at(
				from,
				(token) =>
					others.filter((name) => name !== token && !KEYWORDS.has(token)).map((name): Rewrite => ["variable", name]),
				" ".repeat(used) + code.slice(used),
			);
		const isLocal = new RegExp(`(?<![\\w.])(${locals.join("|") || "(?!)"})(?![\\w(=])`, "g");
		const isAttribute = new RegExp(`(?<=\\bself\\.)(${context.attributes.join("|") || "(?!)"})(?![\\w(])`, "g");
		return [...place(isLocal, locals), ...place(isAttribute, context.attributes)];
	}
}

function all(kind: RepairKind, to: readonly string[] | undefined): readonly Rewrite[] {
	return (to ?? []).map((text): Rewrite => [kind, text]);
}

/** One more, one less, and what would turn the actual value into the expected one. */
function numberRewrites(token: string, { numbers }: Evidence): readonly Rewrite[] {
	const value = Number(token);
	const near: readonly Rewrite[] = token.includes(".")
		? []
		: [["boundary", String(value + 1)], ...(value > 0 ? [["boundary", String(value - 1)] as const] : [])];
	if (numbers === null) return near;
	const { actual, expected } = numbers;
	const scaled = actual === 0 ? value : (value * expected) / actual;
	const aimed = [expected, value + expected - actual, scaled]
		.map((to) => Number(to.toPrecision(12)))
		.filter((to) => to >= 0 && to !== value && (token.includes(".") || Number.isInteger(to)));
	return [...near, ...[...new Set(aimed)].map((to): Rewrite => ["constant", String(to)])];
}

/** What stands between the common beginning and the common end of two texts. */
function differenceOf(actual: string, expected: string): { readonly removed: string; readonly added: string } {
	let head = 0;
	while (head < actual.length && head < expected.length && actual[head] === expected[head]) head += 1;
	let tail = 0;
	const room = Math.min(actual.length, expected.length) - head;
	while (tail < room && actual.at(-1 - tail) === expected.at(-1 - tail)) tail += 1;
	return { removed: actual.slice(head, actual.length - tail), added: expected.slice(head, expected.length - tail) };
}

function localsOf({ found, body }: NonNullable<LineContext["within"]>): readonly string[] {
	const code = body.slice(1).join("\n");
	const assigned = [...code.matchAll(/^\s*(\w+)\s*(?:[-+*/]?=)(?!=)/gm)].map((match) => match[1] ?? "");
	const loops = [...code.matchAll(/\bfor ([\w, ]+) in\b/g)].flatMap((match) => (match[1] ?? "").split(/,\s*/));
	return [...new Set([...assigned, ...loops, ...found.parameters])].filter((name) => name !== "" && name !== "_");
}

/** Another variable returned, a result that is made and not returned, or a return that stands too deep. */
function returnRepairs({ line, code, within }: LineContext): readonly Repair[] {
	if (within === null) return [];
	const indent = line.slice(0, indentOf(line));
	const isLast = within.offset === within.body.length - 1;
	const outer = " ".repeat(indentOf(within.body.slice(1).find((text) => text.trim() !== "") ?? ""));
	const locals = localsOf(within);
	if (/^\s*return\b/.test(code)) {
		const moved = isLast && indent.length > outer.length ? [indent.slice(0, -4) + line.trimStart()] : null;
		const others = /^\s*return\b\s*(\w*)\s*$/.exec(code);
		return [
			...(moved === null ? [] : [{ kind: "return", lines: moved } as const]),
			...(others === null
				? []
				: locals
						.filter((name) => name !== others[1])
						.map((name) => ({ kind: "return", lines: [`${indent}return ${name}`] }) as const)),
		];
	}
	if (!isLast || within.body.some((text) => /\b(return|yield)\b/.test(text))) return [];
	const assigned = /^\s*(\w+)\s*[-+*/]?=(?!=)/.exec(code)?.[1];
	const names = [
		...new Set([
			...(assigned === undefined ? [] : [assigned]),
			...locals,
			...[...namesIn(code)].filter((name) => locals.includes(name)),
		]),
	];
	return [
		...(assigned === undefined && !/^\s*(for|while|if|with|try|raise|pass|else|self\.\w+ =)/.test(code)
			? [{ kind: "return", lines: [`${indent}return ${line.trimStart()}`] } as const]
			: []),
		...names.map((name) => ({ kind: "return", lines: [line, `${outer}return ${name}`] }) as const),
	];
}
