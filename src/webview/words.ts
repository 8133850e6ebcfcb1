/** The view's texts and numbers in the person's language. The English text is the key, as in `vscode.l10n`. */

import { createTeller, type Dictionary } from "../core/told-text.ts";

/** Figures and moments as the language writes them; costly to make, so each is made once. */
interface Formats {
	readonly whole: Intl.NumberFormat;
	readonly tenths: Intl.NumberFormat;
	readonly hundredths: Intl.NumberFormat;
	readonly moment: Intl.DateTimeFormat;
}

let known: Dictionary = {};
let teller = createTeller(known);
let formats = formatsOf("en");

/** @param language BCP 47, as the editor has it */
export function useLanguage(language: string, words: Dictionary): void {
	known = words;
	teller = createTeller(words);
	formats = formatsOf(Intl.NumberFormat.supportedLocalesOf([language])[0] ?? "en");
}

export function currentFormats(): Formats {
	return formats;
}

function formatsOf(locale: string): Formats {
	return {
		whole: new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }),
		tenths: new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 }),
		hundredths: new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 }),
		moment: new Intl.DateTimeFormat(locale, { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" }),
	};
}

/** The text in the person's language, `{0}`, `{1}`, … filled in. Without a translation it is the English one. */
export function t(text: string, ...values: readonly (string | number)[]): string {
	const translated = Object.hasOwn(known, text) ? (known[text] ?? text) : text;
	return translated.replace(/\{(\d+)\}/g, (place, index: string) => String(values[Number(index)] ?? place));
}

/** What the core told, in the person's language. @param text one message or one fix; two of them run together are not found again */
export function told(text: string): string {
	return teller(text);
}

/** `t`, with the text for one or the one for several; `{0}` is the count. */
export function tn(count: number, one: string, many: string): string {
	return t(count === 1 ? one : many, formats.whole.format(count));
}
