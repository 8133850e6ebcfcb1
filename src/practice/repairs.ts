/** The templates: each turns one line into what it may have been meant to be. */
import { masked, namesIn, type PythonFunction } from "./python-source.ts";

export interface Repair {
	readonly kind: RepairKind;
	/** Replaces the line; several lines where one is added. */
	readonly lines: readonly string[];
}

export type RepairKind =
	| "comparison"
	| "operator"
	| "boundary"
	| "constant"
	| "boolean"
	| "swap"
	| "return"
	| "builtin";

const COMPARISONS: Readonly<Record<string, readonly string[]>> = {
	"<": ["<=", ">"],
	"<=": ["<", ">="],
	">": [">=", "<"],
	">=": [">", "<="],
	"==": ["!="],
	"!=": ["=="],
};
const OPERATORS: Readonly<Record<string, readonly string[]>> = {
	"+": ["-", "*"],
	"-": ["+"],
	"*": ["+", "**", "/"],
	"/": ["*", "//"],
	"//": ["/", "%"],
	"%": ["//"],
	"+=": ["-="],
	"-=": ["+="],
	"*=": ["+="],
};
const WORDS: Readonly<Record<string, { readonly kind: RepairKind; readonly to: readonly string[] }>> = {
	and: { kind: "boolean", to: ["or"] },
	or: { kind: "boolean", to: ["and"] },
	True: { kind: "boolean", to: ["False"] },
	False: { kind: "boolean", to: ["True"] },
	min: { kind: "builtin", to: ["max"] },
	max: { kind: "builtin", to: ["min"] },
	any: { kind: "builtin", to: ["all"] },
	all: { kind: "builtin", to: ["any"] },
	upper: { kind: "builtin", to: ["lower"] },
	lower: { kind: "builtin", to: ["upper"] },
	lstrip: { kind: "builtin", to: ["strip", "rstrip"] },
	rstrip: { kind: "builtin", to: ["strip", "lstrip"] },
	append: { kind: "builtin", to: ["extend"] },
	extend: { kind: "builtin", to: ["append"] },
	floor: { kind: "builtin", to: ["ceil"] },
	ceil: { kind: "builtin", to: ["floor"] },
};

/**
 * All repairs of one line of a function, in the templates' order.
 * @param expected numbers that the failing assertion names
 */
export function repairsOf(
	line: string,
	within: PythonFunction,
	body: string,
	expected: readonly number[],
): readonly Repair[] {
	const code = masked(line);
	if (code.trim() === "" || /^\s*(async )?def |^\s*(import|from|class|@)/.test(code)) return [];
	return [
		...tokens(code, /(?<![<>=!])(<=|>=|==|!=|<|>)(?![<>=])/g, (token) =>
			(COMPARISONS[token] ?? []).map((to) => ({ kind: "comparison", to })),
		),
		...tokens(code, /(?<![*/+%<>=!-])(\/\/|[+\-*]=|[+\-*/%])(?![*/=])(?=\s|\w|\()/g, (token) =>
			(OPERATORS[token] ?? []).map((to) => ({ kind: "operator", to })),
		),
		...tokens(code, /\b([A-Za-z_]+)\b/g, (token) =>
			Object.hasOwn(WORDS, token)
				? (WORDS[token]?.to ?? []).map((to) => ({ kind: WORDS[token]?.kind ?? "builtin", to }))
				: [],
		),
		...tokens(code, /\b(not )/g, () => [{ kind: "boolean", to: "" }]),
		...tokens(code, /(?<![\w.])(\d+)(?![\w.])/g, (token) => boundaryOf(Number(token), expected)),
		...tokens(code, /(?<=\brange\()((?:[^(),]|\([^()]*\))+)(?=\))/g, (token) => [
			{ kind: "boundary", to: `${token} + 1` },
			{ kind: "boundary", to: `${token} - 1` },
		]),
		...tokens(code, /(?<=\brange\([^(),]+, )((?:[^(),]|\([^()]*\))+)(?=\))/g, (token) => [
			{ kind: "boundary", to: `${token} + 1` },
			{ kind: "boundary", to: `${token} - 1` },
		]),
		...tokens(code, /(\blen\([^()]*\))/g, (token) => [{ kind: "boundary", to: `${token} - 1` }]),
		...tokens(code, /((?<![\w.])[\w.]+ (?:-|\/\/?|%) [\w.]+(?![\w.(]))/g, (token) => swapped(token)),
		...tokens(code, /(?<=\w\()([^(),]+, [^(),]+)(?=\))/g, (token) => [
			{ kind: "swap", to: token.split(", ").reverse().join(", ") },
		]),
		...returns(line, code, within, body),
	];

	function tokens(
		text: string,
		pattern: RegExp,
		repairs: (token: string) => readonly { readonly kind: RepairKind; readonly to: string }[],
	): readonly Repair[] {
		return [...text.matchAll(pattern)].flatMap((match) => {
			const token = match[1] ?? "";
			const at = match.index + match[0].indexOf(token);
			return repairs(token).map(({ kind, to }) => ({
				kind,
				lines: [line.slice(0, at) + to + line.slice(at + token.length)],
			}));
		});
	}
}

function boundaryOf(
	value: number,
	expected: readonly number[],
): readonly { readonly kind: RepairKind; readonly to: string }[] {
	const near = [value + 1, value - 1]
		.filter((to) => to >= 0)
		.map((to) => ({ kind: "boundary", to: String(to) }) as const);
	const exact = expected
		.filter((to) => to >= 0 && Number.isInteger(to) && to !== value)
		.map((to) => ({ kind: "constant", to: String(to) }) as const);
	return [...near, ...exact];
}

function swapped(token: string): readonly { readonly kind: RepairKind; readonly to: string }[] {
	const [left = "", operator = "", right = ""] = token.split(" ");
	return left === right ? [] : [{ kind: "swap", to: `${right} ${operator} ${left}` }];
}

/** Another variable returned, or a result that is made and not returned. */
function returns(line: string, code: string, within: PythonFunction, body: string): readonly Repair[] {
	const indent = line.slice(0, line.length - line.trimStart().length);
	const assigned = [...masked(body).matchAll(/^\s*(\w+)\s*(?:[-+*/]?=)(?!=)/gm)].map((match) => match[1] ?? "");
	const locals = [...new Set([...assigned, ...within.parameters])];
	const returned = /^\s*return\b\s*(\w*)\s*$/.exec(code);
	if (returned !== null) {
		return locals
			.filter((name) => name !== returned[1])
			.map((name) => ({ kind: "return", lines: [`${indent}return ${name}`] }));
	}
	if (/^\s*return\b/.test(code) || /\breturn\b/.test(masked(body))) return [];
	const lastLine = body.trimEnd().split("\n").at(-1) === line;
	if (!lastLine) return [];
	const assignment = /^\s*(\w+)\s*=(?!=)/.exec(code)?.[1];
	if (assignment !== undefined) return [{ kind: "return", lines: [line, `${indent}return ${assignment}`] }];
	const outer = locals.map((name) => ({ kind: "return", lines: [line, `${bodyIndent(body)}return ${name}`] }) as const);
	return [{ kind: "return", lines: [`${indent}return ${line.trimStart()}`] }, ...outer];
}

function bodyIndent(body: string): string {
	return /\n(\s+)\S/.exec(body)?.[1]?.replace(/\n/g, "") ?? "    ";
}

/** The defined name that differs least from a mistyped one, if it is near enough. */
export function closestName(name: string, known: Iterable<string>): string | null {
	let best: string | null = null;
	let bestDistance = Math.max(1, Math.floor(name.length / 3)) + 1;
	for (const candidate of known) {
		const distance = candidate === name ? Number.POSITIVE_INFINITY : editDistance(name, candidate);
		if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
	}
	return best;
}

function editDistance(a: string, b: string): number {
	if (Math.abs(a.length - b.length) > 3) return Number.POSITIVE_INFINITY;
	let row = Array.from({ length: b.length + 1 }, (_, index) => index);
	for (let i = 1; i <= a.length; i += 1) {
		const next = [i];
		for (let j = 1; j <= b.length; j += 1) {
			next.push(
				Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)),
			);
		}
		row = next;
	}
	return row[b.length] ?? Number.POSITIVE_INFINITY;
}

/** Where the standard library has a name that code often uses and forgets to import. */
const STANDARD: Readonly<Record<string, string>> = {
	defaultdict: "collections",
	Counter: "collections",
	deque: "collections",
	OrderedDict: "collections",
	namedtuple: "collections",
	Path: "pathlib",
	dataclass: "dataclasses",
	field: "dataclasses",
	partial: "functools",
	reduce: "functools",
	lru_cache: "functools",
	wraps: "functools",
	datetime: "datetime",
	timedelta: "datetime",
	date: "datetime",
	Decimal: "decimal",
	Fraction: "fractions",
	Enum: "enum",
	chain: "itertools",
	permutations: "itertools",
	combinations: "itertools",
	product: "itertools",
	sqrt: "math",
	ceil: "math",
	floor: "math",
	Any: "typing",
	Optional: "typing",
};
const MODULES = [
	"math",
	"re",
	"json",
	"os",
	"sys",
	"random",
	"string",
	"itertools",
	"functools",
	"collections",
	"datetime",
	"statistics",
	"operator",
	"time",
	"csv",
	"copy",
	"heapq",
	"bisect",
	"textwrap",
	"uuid",
	"hashlib",
];

/** The import statement that brings a name, from the standard library. */
export function standardImport(name: string): string | null {
	if (MODULES.includes(name)) return `import ${name}`;
	return Object.hasOwn(STANDARD, name) ? `from ${STANDARD[name]} import ${name}` : null;
}

/** Whether a line names anything of a set. */
export function mentions(line: string, names: ReadonlySet<string>): boolean {
	return [...namesIn(line)].some((name) => names.has(name));
}
