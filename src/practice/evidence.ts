/** What a failure's message makes likely. */
import type { Failure } from "./probe-message.ts";

export type RepairKind =
	| "comparison"
	| "operator"
	| "boundary"
	| "constant"
	| "boolean"
	| "swap"
	| "return"
	| "call"
	| "variable"
	| "name"
	| "import"
	| "syntax";

export interface Evidence {
	/** Numbers of a failed `assert actual == expected`. */
	readonly numbers: { readonly actual: number; readonly expected: number } | null;
	/** The same for texts. */
	readonly texts: { readonly actual: string; readonly expected: string } | null;
	/** Functions that pytest names as the source of a value. */
	readonly callers: ReadonlySet<string>;
	/** Weight by kind of repair; what is not named weighs OTHER. */
	readonly likely: Partial<Record<RepairKind, number>>;
}

export const OTHER = 3;
const NUMBER = "-?\\d+(?:\\.\\d+)?";

export function evidenceOf({ message }: Pick<Failure, "message">): Evidence {
	const numbers = new RegExp(`assert (${NUMBER}) == (${NUMBER})(?![\\w.])`).exec(message);
	const texts = /assert (['"])(.*?)\1 == (['"])(.*?)\3/.exec(message);
	const callers = [...message.matchAll(/= (?:<[^>]*>\.)?(?:\w+\.)*(\w+)\(/g)].map((match) => match[1] ?? "");
	const pair = numbers === null ? null : { actual: Number(numbers[1]), expected: Number(numbers[2]) };
	return {
		numbers: pair,
		texts: texts === null ? null : { actual: texts[2] ?? "", expected: texts[4] ?? "" },
		callers: new Set(callers),
		likely: likelyKinds(message, pair),
	};
}

function likelyKinds(message: string, numbers: Evidence["numbers"]): Evidence["likely"] {
	if (/SyntaxError|IndentationError/.test(message)) return { syntax: 20 };
	if (/^(NameError|ImportError|ModuleNotFoundError|AttributeError|KeyError|UnboundLocalError)/.test(message)) {
		return { import: 20, name: 18, variable: 6 };
	}
	if (/assert None|NoneType/.test(message)) return { return: 14, boolean: 6 };
	if (/DID NOT RAISE/.test(message)) return { comparison: 13, boolean: 11, boundary: 8, constant: 6, swap: 5 };
	if (/IndexError|RecursionError/.test(message)) return { boundary: 12, comparison: 10, operator: 6 };
	if (/ZeroDivisionError/.test(message)) return { comparison: 9, boundary: 8, swap: 9, boolean: 8 };
	if (/^TypeError/.test(message)) return { swap: 11, variable: 8, return: 8, name: 8, operator: 6 };
	if (/assert (True|False|not )|is (True|False)|assert \w+\(/.test(message)) {
		return { comparison: 13, boolean: 12, boundary: 8, constant: 7, return: 5, swap: 6, call: 6 };
	}
	if (numbers !== null && Math.abs(numbers.actual - numbers.expected) === 1) {
		return { boundary: 12, comparison: 11, constant: 9, operator: 6, call: 5, swap: 5, return: 5 };
	}
	// Nothing where something is due: clamped, cut off, or the wrong way round.
	if (numbers !== null && numbers.actual === 0 && Math.abs(numbers.expected) > 1) {
		return { swap: 12, operator: 10, comparison: 10, boolean: 9, call: 8, return: 8, constant: 6, boundary: 6 };
	}
	if (numbers !== null && numbers.actual === -numbers.expected) return { swap: 13, operator: 11, boolean: 6 };
	if (numbers !== null) {
		return { operator: 11, constant: 10, swap: 9, call: 8, comparison: 8, return: 7, boundary: 6, variable: 5 };
	}
	if (/assert \[|assert \(|assert \{|assert set\(/.test(message)) {
		return { comparison: 11, boundary: 10, call: 9, boolean: 8, operator: 7, swap: 7, return: 6 };
	}
	if (/assert ['"]/.test(message))
		return { constant: 11, call: 11, swap: 9, boundary: 8, operator: 7, return: 7, variable: 6 };
	return { comparison: 9, operator: 8, boundary: 8, call: 7, boolean: 7, swap: 7, constant: 7, return: 6 };
}
