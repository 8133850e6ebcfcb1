/** Foreign text made visible: whatever an eye or a terminal does not show as itself stands as its code point (threats A48, A54, A74). */

/** Control, format (zero-width, bidi, tags), line-separator characters, and variation selectors that no font has. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]|[\u{E0100}-\u{E01EF}]/gu;
const SHOWN = /<U\+([0-9A-F]{4,6})>/g;

/** The text with its hidden characters as `<U+202E>`; line breaks and tabs stay. */
export function visible(text: string): string {
	return text.replace(HIDDEN, (char) =>
		char === "\n" || char === "\t"
			? char
			: `<U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}>`,
	);
}

/**
 * Takes `visible` back in a text that was copied from a file, so that a change does not write code points over characters.
 * @param original the file's text: only what stands in it is put back, and only where it does not itself speak of code points
 */
export function unshown(text: string, original: string): string {
	return text.replace(SHOWN, (shown, hex: string) => {
		const code = Number.parseInt(hex, 16);
		const char = code <= 0x10ffff ? String.fromCodePoint(code) : shown;
		return original.includes(char) && !original.includes(shown) ? char : shown;
	});
}

/** A value as one line of JSON without a character that could move a cursor or turn a text round; it parses to the same. */
export function jsonLine(value: unknown): string {
	return JSON.stringify(value).replace(HIDDEN, (char) =>
		Array.from({ length: char.length }, (_, at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, "0")}`).join(""),
	);
}
