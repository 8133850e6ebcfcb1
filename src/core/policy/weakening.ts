/** What a change takes away from the checks themselves, in words for the status (threats A36, P7). */
import type { WorkspaceChange } from "../ports.ts";
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
const NO_QA = /#\s*(?:ruff|flake8)?:?\s*noqa\b/gi;
const NOT_RUN =
	/\bpytest\s*\.\s*(?:mark\s*\.\s*)?(?:skip|skipif|xfail|importorskip)\b|\bunittest\s*\.\s*(?:skip|expectedFailure)/g;

/**
 * Each way in which less is checked after the change than before.
 * @param before the file's text before; empty for a new file
 */
export function weakeningsOf(change: WorkspaceChange, before: string): readonly string[] {
	const { path, kind } = change;
	const after = kind === "delete" ? "" : change.text;
	const words: string[] = [];
	if (JUDGES.has(path.slice(path.lastIndexOf("/") + 1).toLowerCase())) words.push(`${path} was ${DONE[kind]}`);
	else if (isTestPath(path) && kind !== "create") words.push(`the test file ${path} was ${DONE[kind]}`);
	if (count(after, NOT_RUN) > count(before, NOT_RUN)) words.push(`${path} skips tests or expects them to fail`);
	if (count(after, NO_QA) > count(before, NO_QA)) words.push(`${path} silences lint (noqa)`);
	return words;
}

const DONE = { create: "created", replace: "changed", delete: "deleted" } as const;

function count(text: string, pattern: RegExp): number {
	return text.match(pattern)?.length ?? 0;
}
