/** Replaces one unique piece of a text: exactly first, then blind to white space around its lines, then by its lines alone. */

export type Replaced =
	| { readonly ok: true; readonly text: string }
	| { readonly ok: false; readonly code: "no-match" | "many-matches"; readonly message: string };

/** Lines of context that a refusal shows at most. */
const MAX_SHOWN_LINES = 6;
/** A line that is shorter says too little to be taken for the place that was meant. */
const TELLING_CHARS = 8;

/**
 * Replaces the one place where `oldText` stands. What lies outside of it stays the same to the byte; new lines take the line
 * ends of the place.
 */
export function replaceOnce(text: string, oldText: string, newText: string): Replaced {
	if (oldText.trim() === "")
		return { ok: false, code: "no-match", message: "old_text is empty. Use write_file for a new file." };
	const flat = flatten(text);
	const wanted = oldText.replaceAll("\r\n", "\n");
	const given = newText.replaceAll("\r\n", "\n");
	const exact = occurrences(flat.text, wanted);
	const [at] = exact;
	if (exact.length > 1) return many(exact.length);
	if (at !== undefined) return { ok: true, text: flat.splice(at, at + wanted.length, given) };
	return replaceLines(flat, linesOf(wanted), linesOf(given));
}

interface Flat {
	/** With `\n` for every `\r\n`. */
	readonly text: string;
	/** The original with another text from `start` to `end`, which count in the flat text. */
	splice(start: number, end: number, replacement: string): string;
}

function flatten(original: string): Flat {
	const pieces = original.split("\r\n");
	const text = pieces.join("\n");
	const ends: number[] = [];
	let length = 0;
	for (const piece of pieces.slice(0, -1)) {
		length += piece.length;
		ends.push(length);
		length += 1;
	}
	/** Each `\r\n` before an offset put the original one further on. */
	const place = (offset: number) => offset + ends.filter((end) => end < offset).length;
	return {
		text,
		splice(start, end, replacement) {
			const before = original.slice(0, place(start));
			const replaced = original.slice(place(start), place(end));
			const after = original.slice(place(end));
			const crLf = lineEndIsCrLf(replaced) ?? lineEndIsCrLf(after) ?? lineEndIsCrLf(before) ?? false;
			return before + (crLf ? replacement.replaceAll("\n", "\r\n") : replacement) + after;
		},
	};
}

function lineEndIsCrLf(text: string): boolean | null {
	const at = text.indexOf("\n");
	return at < 0 ? null : text[at - 1] === "\r";
}

/** How lines are compared, from strict to lenient: without the white space around them, then without any and without blank lines. */
const COMPARISONS: readonly { readonly key: (line: string) => string; readonly skipsBlank: boolean }[] = [
	{ key: (line) => line.trim(), skipsBlank: false },
	{ key: (line) => line.replace(/\s+/g, ""), skipsBlank: true },
];

function replaceLines(flat: Flat, oldLines: readonly string[], newLines: readonly string[]): Replaced {
	const lines = flat.text.split("\n");
	for (const comparison of COMPARISONS) {
		const places = placesOf(lines, oldLines, comparison);
		const [place] = places;
		if (places.length > 1) return many(places.length);
		if (place === undefined) continue;
		const [start, end] = place;
		const first = oldLines.find((line) => line.trim() !== "") ?? "";
		const there = lines.slice(start, end).find((line) => line.trim() !== "") ?? "";
		const moved = indented(newLines, indentOf(first), indentOf(there));
		const from = lines.slice(0, start).join("\n").length + (start > 0 ? 1 : 0);
		const to = from + lines.slice(start, end).join("\n").length;
		return { ok: true, text: flat.splice(from, to, moved.join("\n")) };
	}
	const wanted = oldLines.map((line) => line.trim());
	return { ok: false, code: "no-match", message: `old_text does not stand in the file.${nearest(lines, wanted)}` };
}

/** First line and the one behind the last, of each place where the wanted lines stand. */
function placesOf(
	lines: readonly string[],
	wanted: readonly string[],
	{ key, skipsBlank }: (typeof COMPARISONS)[number],
): readonly (readonly [number, number])[] {
	const counts = (line: string) => !skipsBlank || line.trim() !== "";
	const there = [...lines.entries()].filter(([, line]) => counts(line)).map(([at, line]) => ({ at, key: key(line) }));
	const keys = wanted.filter(counts).map(key);
	return there.flatMap(({ at }, index) => {
		if (!keys.every((each, offset) => there[index + offset]?.key === each)) return [];
		const last = there[index + keys.length - 1]?.at ?? at;
		return [[at, last + 1] as const];
	});
}

/** Puts lines that were written for the indentation `given` where the file has `actual`. */
function indented(lines: readonly string[], given: string, actual: string): readonly string[] {
	return lines.map((line) => {
		if (line.trim() === "") return "";
		if (line.startsWith(given)) return actual + line.slice(given.length);
		// A line that stands further left than the first: as far left of the file's indentation, if that goes.
		const outwards = given.length - indentOf(line).length;
		return actual.slice(0, Math.max(0, actual.length - outwards)) + line.trimStart();
	});
}

function nearest(lines: readonly string[], wanted: readonly string[]): string {
	const known = new Set(wanted.filter((line) => line.length >= TELLING_CHARS));
	const sample = [...known][0]?.slice(0, 40) ?? "";
	const same = lines.findIndex((line) => known.has(line.trim()));
	const index = same >= 0 || sample === "" ? same : lines.findIndex((line) => line.includes(sample));
	if (index < 0) return " Read the file again and copy the text exactly.";
	const shown = lines.slice(index, index + Math.min(wanted.length, MAX_SHOWN_LINES));
	return ` The nearest place, line ${index + 1}:\n${shown.join("\n").slice(0, 1_000)}`;
}

/** Non-overlapping or not: two places are two. */
function occurrences(text: string, part: string): readonly number[] {
	const found: number[] = [];
	for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) found.push(at);
	return found;
}

function linesOf(text: string): readonly string[] {
	return text.replace(/^\n+/, "").replace(/\n$/, "").split("\n");
}

function indentOf(line: string): string {
	return line.slice(0, line.length - line.trimStart().length);
}

function many(count: number): Replaced {
	return {
		ok: false,
		code: "many-matches",
		message: `old_text stands in the file ${count} times. Copy more lines around it.`,
	};
}
