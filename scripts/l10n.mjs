#!/usr/bin/env node
/**
 * `npm run l10n`: collects the texts that the editor's ring, the sidebar and the core show into l10n/bundle.l10n.json and says which
 * of them a translation lacks, or has too many. The English text is the key, as in `vscode.l10n`.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { coreTexts } from "./core-texts.mjs";

const ROOT = join(import.meta.dirname, "..");
const LITERAL = String.raw`"(?:[^"\\]|\\.)*"`;
/** `t("…")`, with or without `l10n.`, and `tn(count, "one", "many")`. */
const SINGLE = new RegExp(String.raw`\bt\(\s*(${LITERAL})`, "g");
const PLURAL = new RegExp(String.raw`\btn\(\s*[^"]+?,\s*(${LITERAL}),\s*(${LITERAL})`, "g");

export const LANGUAGES = ["de", "zh-cn"];

/** Every text in the sources, sorted. */
export function sourceTexts() {
	const texts = ["src/vscode", "src/webview", "src"].flatMap((folder) =>
		readdirSync(join(ROOT, folder))
			.filter((name) => name.endsWith(".ts"))
			.flatMap((name) => textsIn(readFileSync(join(ROOT, folder, name), "utf8"))),
	);
	return [...new Set([...coreTexts(ROOT), ...texts])].sort();
}

function textsIn(source) {
	const found = [...source.matchAll(SINGLE), ...source.matchAll(PLURAL)];
	return found.flatMap(([, ...literals]) => literals.map((literal) => JSON.parse(literal)));
}

/** The keys and texts of a bundle (or of package.nls with `kind` "package.nls"). @param language null: English */
export function bundle(language, kind = "l10n/bundle.l10n") {
	return JSON.parse(readFileSync(join(ROOT, `${kind}${language === null ? "" : `.${language}`}.json`), "utf8"));
}

function collect() {
	const texts = sourceTexts();
	const english = Object.fromEntries(texts.map((text) => [text, text]));
	writeFileSync(join(ROOT, "l10n/bundle.l10n.json"), `${JSON.stringify(english, null, "\t")}\n`);
	const names = Object.keys(bundle(null, "package.nls"));
	let complete = true;
	for (const language of LANGUAGES) {
		const differences = [
			["l10n/bundle.l10n", texts],
			["package.nls", names],
		].flatMap(([kind, wanted]) => {
			const known = Object.keys(bundle(language, kind));
			return [
				...wanted
					.filter((key) => !known.includes(key))
					.map((key) => `${kind}.${language}.json lacks ${JSON.stringify(key)}`),
				...known
					.filter((key) => !wanted.includes(key))
					.map((key) => `${kind}.${language}.json has too much: ${JSON.stringify(key)}`),
			];
		});
		for (const difference of differences) console.error(difference);
		complete &&= differences.length === 0;
	}
	return complete;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = collect() ? 0 : 1;
