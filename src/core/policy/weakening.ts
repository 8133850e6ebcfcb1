/** What a change takes away from the checks themselves, in words for the status (threats A36, P7). */
import type { WorkspaceChange } from "../ports.ts";
import { isPythonSource } from "../probes/inputs.ts";
import { isTestPath } from "./test-guard.ts";

const JUDGES = new Set([
	"conftest.py",
	"pyproject.toml",
	"pytest.ini",
	".pytest.ini",
	"pytest.toml",
	".pytest.toml",
	"tox.ini",
	"setup.cfg",
	"ruff.toml",
	".ruff.toml",
]);
/** Comments that silence ruff (0.16: "Error suppression" of its documentation), by the word that the status names. */
const SILENCERS: readonly (readonly [name: string, pattern: RegExp])[] = [
	["noqa", /#\s*(?:(?:ruff|flake8)\s*:\s*)?noqa\b/gi],
	["ruff: ignore", /#\s*ruff\s*:\s*(?:file-)?ignore\b/gi],
	["ruff: disable", /#\s*ruff\s*:\s*disable\b/gi],
	["isort: skip", /#\s*(?:ruff\s*:\s*)?isort\s*:\s*(?:skip|skip_file|off)\b/gi],
];
const TEST = /^[ \t]*(?:async[ \t]+)?def[ \t]+test/gm;
const SKIPS = "skip|skipif|xfail|importorskip|expectedFailure|skipIf|skipUnless|SkipTest";
const NOT_RUN = new RegExp(
	[
		String.raw`\b(?:pytest|mark|unittest)[\s\\]*\.[\s\\]*(?:${SKIPS})\b`,
		String.raw`\bfrom[ \t]+(?:pytest|unittest(?:\.case)?)[ \t]+import\b[^\n]*\b(?:${SKIPS})\b`,
		String.raw`\bself[\s\\]*\.[\s\\]*skipTest\b`,
	].join("|"),
	"g",
);

/**
 * Each way in which less is checked after the change than before.
 * @param before the file's text before; empty for a new file
 * @param isOwn whether the run itself made the file: what it wrote it may change, but not make less of
 */
export function weakeningWords(change: WorkspaceChange, before: string, isOwn = false): readonly string[] {
	const { path, kind } = change;
	const after = kind === "delete" ? "" : change.text;
	const words: string[] = [];
	if (isConfiguration(path)) words.push(doneWords(path, kind));
	else if (isTestPath(path) && isOwn && kind === "replace") {
		const lost = count(before, TEST) - count(after, TEST);
		if (lost === 1) words.push(`${path}, which this run wrote, has one test fewer`);
		else if (lost > 1) words.push(`${path}, which this run wrote, has ${lost} tests fewer`);
	} else if (isTestPath(path) && kind !== "create") words.push(`the test file ${doneWords(path, kind)}`);
	if (count(after, NOT_RUN) > count(before, NOT_RUN)) words.push(`${path} skips tests or expects them to fail`);
	for (const [name, pattern] of SILENCERS)
		if (count(after, pattern) > count(before, pattern)) words.push(`${path} silences lint (${name})`);
	return words;
}

/** Files among the changed that judge, and that the run itself did not change, each in words. */
export function judgedByWords(changed: readonly string[], own: ReadonlySet<string>): readonly string[] {
	return changed
		.filter((path) => !own.has(path) && (isConfiguration(path) || (isTestPath(path) && isPythonSource(path))))
		.map((path) => `${path} was changed, but by no edit of this run`);
}

function isConfiguration(path: string): boolean {
	return JUDGES.has(folded(path.slice(path.lastIndexOf("/") + 1)).toLowerCase());
}

function doneWords(path: string, kind: WorkspaceChange["kind"]): string {
	switch (kind) {
		case "create":
			return `${path} was created`;
		case "replace":
			return `${path} was changed`;
		case "delete":
			return `${path} was deleted`;
	}
}

function count(text: string, pattern: RegExp): number {
	return folded(text).match(pattern)?.length ?? 0;
}

/** As Python reads names: another spelling of the same letters is the same name (PEP 3131). */
function folded(text: string): string {
	return text.normalize("NFKC");
}
