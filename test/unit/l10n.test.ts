/** No text that people see in the editor is hard-coded, and every translation is whole. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { bundle, LANGUAGES, sourceTexts } from "../../scripts/l10n.mjs";
import { isRepairTask } from "../../src/core/policy/task-wish.ts";

const root = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

/** Words for the log, for a bug's stack or for the model, in the statement before the text. */
const NOT_FOR_PEOPLE =
	/(?:\b(?:logger|channel)\.\w+\(|\bnew (?:DOMException|WorkspaceError|Error|RegExp)\(|\bunsaved\(|\bthrow )[^;]*$/;
const TRANSLATED = /\bt\(\s*$|\btn\(\s*[^;]*,\s*$/;

/** String literals of at least two words, or one that begins like a label, that go through no translation. */
function hardCoded(source: string): readonly string[] {
	const code = source.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$|\s\/\/ .*$/gm, "");
	return [...code.matchAll(/"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`/g)].flatMap((found) => {
		const text = (found[1] ?? found[2] ?? "").replace(/\$\{[^}]*\}/g, "");
		const before = code.slice(Math.max(0, found.index - 400), found.index);
		const statement = before.slice(before.search(/[^;]*$/));
		const isProse = /[A-Za-z]{2,},? [a-z]{2,}/.test(text) || /^[A-Z][a-z]+ [A-Za-z]/.test(text);
		const isMarkup = text.startsWith("<!DOCTYPE");
		const isKnown = isMarkup || TRANSLATED.test(before) || NOT_FOR_PEOPLE.test(statement) || /\bfrom\s*$/.test(before);
		return isProse && !isKnown ? [text] : [];
	});
}

describe("texts in the sources", () => {
	test.each(["src/vscode"])("%s shows no text that is hard-coded", (folder) => {
		const found = readdirSync(join(root, folder))
			.filter((name) => name.endsWith(".ts"))
			.flatMap((name) => hardCoded(read(`${folder}/${name}`)).map((text) => `${name}: ${text}`));
		expect(found).toEqual([]);
	});

	test("the check finds what it looks for", () => {
		expect(hardCoded('show("Something is wrong", l10n.t("This is fine"));')).toEqual(["Something is wrong"]);
		expect(hardCoded('tn(count, "{0} file left", "{0} files left")')).toEqual([]);
		expect(hardCoded('// "a comment is no text"\nlogger.warn("A probe failed");')).toEqual([]);
	});

	test("the English bundle holds exactly them (npm run l10n)", () => {
		expect(Object.keys(bundle(null))).toEqual(sourceTexts());
	});
});

describe("package.json", () => {
	const manifest: unknown = JSON.parse(read("package.json"));
	const texts = new Map<string, string>();
	collect(manifest, "");

	function collect(value: unknown, path: string): void {
		if (typeof value === "string") texts.set(path, value);
		else if (typeof value === "object" && value !== null) {
			for (const [key, inner] of Object.entries(value)) collect(inner, `${path}.${key}`);
		}
	}

	test("every text that people see stands in package.nls.json", () => {
		const visible =
			/^\.(?:displayName|description)$|\.contributes\..*\.(?:title|markdownDescription|description|contents|(?:enumDescriptions|markdownEnumDescriptions|enumItemLabels)\.\d+|name|altText|userDescription|displayName)$/;
		const brand =
			/\.viewsContainers\..*title$|\.views\..*\.name$|\.configuration\.title$|\.languageModelTools\.\d+\.(?:name|inputSchema\..*)$/;
		const found = [...texts].filter(
			([path, text]) => visible.test(path) && !brand.test(path) && !/^%[\w.]+%$/.test(text),
		);
		expect(found).toEqual([]);
	});

	test("its keys and those of package.nls.json are the same", () => {
		const asked = [...texts.values()].flatMap((text) => /^%([\w.]+)%$/.exec(text)?.[1] ?? []);
		expect([...new Set(asked)].sort()).toEqual(Object.keys(bundle(null, "package.nls")).sort());
	});
});

describe.each(LANGUAGES)("translation into %s", (language) => {
	test.each(["l10n/bundle.l10n", "package.nls"])("%s is whole, with the same places to fill", (kind) => {
		const english: Record<string, string> = bundle(null, kind);
		const translated: Record<string, string> = bundle(language, kind);
		expect(Object.keys(translated).sort()).toEqual(Object.keys(english).sort());
		for (const [key, text] of Object.entries(translated)) {
			expect([key, places(text)]).toEqual([key, places(english[key] ?? "")]);
			expect([key, text.trim() !== ""]).toEqual([key, true]);
		}
		const same = Object.keys(english).filter(
			(key) => (english[key] ?? "").includes(" ") && translated[key] === english[key],
		);
		expect(same.length, same.join(" | ")).toBeLessThan(Object.keys(english).length / 20 + 1);
	});
});

test.each(LANGUAGES)("the task templates in %s mean to the loop what the English ones mean", (language) => {
	const translated: Record<string, string> = bundle(language);
	const repairs = Object.keys(translated).filter((text) =>
		/^(?:Make the (?:failing|test)|Fix (?:the|this|these|what))/.test(text),
	);
	expect(repairs.length).toBeGreaterThan(5);
	for (const text of repairs) expect([text, isRepairTask(translated[text] ?? "")]).toEqual([text, true]);
	expect(isRepairTask(translated["Write tests for {0}"] ?? "")).toBe(false);
});

/** `{0}`, code in backticks, links and icons: what a translation may not lose. */
function places(text: string): readonly string[] {
	return (text.match(/\{\d+\}|`[^`]+`|\]\([^)]+\)|\$\([\w~-]+\)/g) ?? []).sort();
}
