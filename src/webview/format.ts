/** Figures and foreign text as the view shows them. */

const WHOLE = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** `0.4 ms`, `812 ms`, `2.1 s`, `1 min 5 s`. */
export function formatMs(ms: number): string {
	if (!Number.isFinite(ms) || ms <= 0) return "0 ms";
	if (ms < 9.95) return `${ms.toFixed(1)} ms`;
	if (ms < 999.5) return `${Math.round(ms)} ms`;
	if (ms < 59_950) return `${(ms / 1_000).toFixed(1)} s`;
	const seconds = Math.round(ms / 1_000);
	return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** `12,345`. */
export function formatCount(count: number): string {
	return WHOLE.format(count);
}

/** `1 file`, `2 files`. */
export function plural(count: number, noun: string): string {
	return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** `37 %`; anything above nothing is at least `<1 %`. */
export function formatShare(part: number, whole: number): string {
	if (whole <= 0 || part <= 0) return "0 %";
	const percent = (part / whole) * 100;
	return percent < 1 ? "<1 %" : `${Math.round(percent)} %`;
}

/**
 * Foreign text with everything that hides or reorders text written out as U+XXXX: control and format characters (bidi,
 * zero-width, tags), line and paragraph separators, lone surrogates, supplementary variation selectors.
 */
export function visible(text: string): string {
	return text
		.replaceAll("\r\n", "\n")
		.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]|[\u{E0100}-\u{E01EF}]/gu, (character) =>
			character === "\n" || character === "\t" ? character : codePoint(character),
		);
}

/** `visible`, on one line and at most `maxChars` long. */
export function visibleLine(text: string, maxChars = 300): string {
	const line = visible(text.slice(0, maxChars * 2).replace(/\s*\n\s*/g, " ")).replaceAll("\t", " ");
	return line.length > maxChars ? `${line.slice(0, maxChars - 1)}…` : line;
}

function codePoint(character: string): string {
	return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
