/** The view's texts and numbers in the person's language. The English text is the key, as in `vscode.l10n`. */

export type Words = Readonly<Record<string, string>>;

let known: Words = {};
let locale = "en";

/** @param language BCP 47, as the editor has it */
export function useLanguage(language: string, words: Words): void {
	known = words;
	locale = Intl.NumberFormat.supportedLocalesOf([language])[0] ?? "en";
}

export function currentLocale(): string {
	return locale;
}

/** The text in the person's language, `{0}`, `{1}`, … filled in. Without a translation it is the English one. */
export function t(text: string, ...values: readonly (string | number)[]): string {
	const translated = Object.hasOwn(known, text) ? (known[text] ?? text) : text;
	return translated.replace(/\{(\d+)\}/g, (place, index: string) => String(values[Number(index)] ?? place));
}

/** `t`, with the text for one or the one for several; `{0}` is the count. */
export function tn(count: number, one: string, many: string): string {
	return t(count === 1 ? one : many, new Intl.NumberFormat(locale).format(count));
}
