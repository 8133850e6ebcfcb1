/** Hears when a model says the same again and again, long before its answer is cut at the length limit (threats F29). */

/** Length of the end that is looked at, and how often one piece must make it up. */
const PATTERNS = [
	{ chars: 800, times: 10 },
	{ chars: 3_000, times: 4 },
] as const;
/** Looking costs time in proportion to the end; every few words is often enough. */
const LOOK_EVERY_CHARS = 200;

export class RepetitionWatch {
	private end = "";
	private unseen = 0;

	/** Takes the next piece of the answer; true once the answer's end is one piece again and again. */
	add(text: string): boolean {
		this.end = (this.end + text).slice(-PATTERNS[1].chars);
		this.unseen += text.length;
		if (this.unseen < LOOK_EVERY_CHARS) return false;
		this.unseen = 0;
		return PATTERNS.some(
			({ chars, times }) => this.end.length >= chars && periodOf(this.end.slice(-chars)) * times <= chars,
		);
	}
}

/** Length of the shortest piece that, repeated, makes up the text (its last repetition may be cut): Knuth-Morris-Pratt's table. */
function periodOf(text: string): number {
	const border = [0];
	for (let at = 1, length = 0; at < text.length; at += 1) {
		while (length > 0 && text[at] !== text[length]) length = border[length - 1] ?? 0;
		if (text[at] === text[length]) length += 1;
		border.push(length);
	}
	return text.length - (border.at(-1) ?? 0);
}
