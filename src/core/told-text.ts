/**
 * What the core tells is English, whole sentences with names and figures in them, so that log, command line and records of runs
 * agree. The editor shows it in the person's language: the sentence is found again among the texts of a dictionary.
 */

/** English texts with places `{0}`, `{1}`, ... and what they are in another language. */
export type Dictionary = Readonly<Record<string, string>>;

interface Template {
	readonly pattern: RegExp;
	/** Which place each group of the pattern fills. */
	readonly places: readonly number[];
	/** Places whose words are somebody else's. */
	readonly quoted: ReadonlySet<number>;
	readonly translation: string;
}

const PLACE = /\{(\d+)\}/g;
const QUOTED = /\bsays: \{(\d+)\}/g;
/** With fewer letters a text with places fits whatever there is (scripts/core-texts.mjs). */
const MIN_LETTERS = 5;
/** A part of a part of a sentence: what lies deeper is not ours. */
const MAX_DEPTH = 4;
const SENTENCE = /[.:!?;]/;
const SENTENCE_END = /(?<=[.!?;]) /;
const MAX_KNOWN = 500;
/** A longer text is no sentence of the core's. */
const MAX_CHARS = 4_000;

/**
 * Translates whole texts, lists and sentences of known texts, and what stands in their places; what is not known, such as a file's
 * name or the words of a model, stays as it is.
 */
export function createTeller(dictionary: Dictionary): (text: string) => string {
	const templates = templatesOf(dictionary);
	const known = new Map<string, string>();
	/** Null where it is no text of the dictionary. */
	const whole = (text: string, depth: number): string | null => {
		if (Object.hasOwn(dictionary, text)) return dictionary[text] ?? text;
		return depth === MAX_DEPTH ? null : filled(text, templates, (part) => translated(part, depth + 1));
	};
	const translated = (text: string, depth: number): string => {
		// Before the whole, in which the first counts of a list would be a part of the last one's.
		const counts = text.split(", ").map((part) => (SENTENCE.test(part) ? null : whole(part, depth + 1)));
		if (counts.every((part) => part !== null)) return counts.join(", ");
		const told = whole(text, depth);
		if (told !== null || depth === MAX_DEPTH) return told ?? text;
		const parts = text.split(SENTENCE_END);
		return parts.length > 1
			? parts.map((part) => translated(part, depth + 1)).join(" ")
			: text
					.split(", ")
					.map((part) => dictionary[part] ?? part)
					.join(", ");
	};
	return (text) => {
		if (templates.length === 0 || text.length > MAX_CHARS) return text;
		const before = known.get(text);
		if (before !== undefined) return before;
		const told = translated(text, 0);
		if (known.size >= MAX_KNOWN) known.clear();
		known.set(text, told);
		return told;
	};
}

/** Those with the most words of their own first. */
function templatesOf(dictionary: Dictionary): readonly Template[] {
	return Object.entries(dictionary)
		.filter(([text]) => text.search(PLACE) >= 0 && lettersOf(text) >= MIN_LETTERS)
		.toSorted(([one], [other]) => lettersOf(other) - lettersOf(one))
		.map(([text, translation]) => ({
			pattern: new RegExp(`^${text.split(PLACE).map(patternOf).join("")}$`, "s"),
			places: numbersIn(text, PLACE),
			quoted: new Set(numbersIn(text, QUOTED)),
			translation,
		}));
}

/** Of what `split` gives: texts, and between them the numbers of places. */
function patternOf(part: string, index: number): string {
	return index % 2 === 1 ? "(.*?)" : part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

function lettersOf(text: string): number {
	return text.replace(PLACE, "").match(/\p{L}/gu)?.length ?? 0;
}

function numbersIn(text: string, pattern: RegExp): readonly number[] {
	return [...text.matchAll(pattern)].map(([, number]) => Number(number));
}

function filled(text: string, templates: readonly Template[], below: (part: string) => string): string | null {
	for (const { pattern, places, quoted, translation } of templates) {
		const found = pattern.exec(text);
		if (found === null) continue;
		const values = new Map(
			places.map((place, index) => {
				const value = found[index + 1] ?? "";
				return [place, quoted.has(place) ? value : below(value)];
			}),
		);
		return translation.replace(PLACE, (place, index: string) => values.get(Number(index)) ?? place);
	}
	return null;
}
