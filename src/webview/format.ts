/** Figures and foreign text as the view shows them. */
import { currentFormats, t } from "./words.ts";

/** `0.4 ms`, `812 ms`, `2.1 s`, `1 min 5 s`. */
export function formatMs(ms: number): string {
	if (!Number.isFinite(ms) || ms <= 0) return "0 ms";
	if (ms < 9.95) return `${decimal(ms)} ms`;
	if (ms < 999.5) return `${Math.round(ms)} ms`;
	if (ms < 59_950) return `${decimal(ms / 1_000)} s`;
	const seconds = Math.round(ms / 1_000);
	return t("{0} min {1} s", Math.floor(seconds / 60), seconds % 60);
}

/** `12,345`. */
export function formatCount(count: number): string {
	return currentFormats().whole.format(count);
}

/** `55.4`. */
export function decimal(value: number): string {
	return currentFormats().tenths.format(value);
}

/** `37 %`; anything above nothing is at least `<1 %`. */
export function formatShare(part: number, whole: number): string {
	if (whole <= 0 || part <= 0) return "0 %";
	const percent = (part / whole) * 100;
	return percent < 1 ? "<1 %" : `${Math.round(percent)} %`;
}

/** `Nov 25, 10:12`, in the person's own form. */
export function formatMoment(iso: string): string {
	const date = new Date(iso);
	return Number.isNaN(date.getTime()) ? "" : currentFormats().moment.format(date);
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
