/** Keys of answers: everything that can affect a probe's result, hashed. */
import { createHash } from "node:crypto";
import { isLintConfig, isLintSource, isPythonSource, isTestFile } from "../../core/probes/inputs.ts";
import type { Content } from "./content.ts";
import type { Toolchain } from "./interpreter.ts";
import { pytestConfigIn } from "./pytest-config.ts";

type Purpose = "lint" | "lint-config" | "tests" | "sources";

const MATTERS: Readonly<Record<Purpose, (path: string) => boolean>> = {
	lint: (path) => isLintSource(path) || isLintConfig(path),
	"lint-config": isLintConfig,
	tests: () => true,
	sources: isPythonSource,
};

/** Of lint: sources, configurations, and the ruff that reads them. */
export function lintKey(content: Content, { ruff }: Toolchain): string {
	return keyOf(content, "lint", ruff?.fingerprint ?? "");
}

/** Of the configurations that ruff reads, and ruff itself: where this moves, every file is judged anew. */
export function lintConfigKey(content: Content, { ruff }: Toolchain): string {
	return keyOf(content, "lint-config", ruff?.fingerprint ?? "");
}

/** Of the import graph: every Python file, and the ruff that reads them. */
export function sourceKey(content: Content, { ruff }: Toolchain): string {
	return keyOf(content, "sources", ruff?.fingerprint ?? "");
}

/** Of tests: every file, since a test may read any, and the interpreter with its packages. */
export function testKey(content: Content, { python }: Toolchain): string {
	return keyOf(content, "tests", python?.fingerprint ?? "");
}

/** Whether there is anything for pytest to do: a test file by its defaults, or a configuration that may name others. */
export function hasTests(root: string, content: Content): boolean {
	return [...content.keys()].some(isTestFile) || pytestConfigIn(root) !== null;
}

/** Of one content, for one purpose: asked several times a probe. */
const known = new WeakMap<Content, Map<Purpose, string>>();

function keyOf(content: Content, purpose: Purpose, tool: string): string {
	const keys = known.get(content) ?? new Map<Purpose, string>();
	known.set(content, keys);
	const digest = keys.get(purpose) ?? digestOf(content, MATTERS[purpose]);
	keys.set(purpose, digest);
	return `${tool} ${digest}`;
}

function digestOf(content: Content, matters: (path: string) => boolean): string {
	const hash = createHash("sha256");
	for (const path of [...content.keys()].filter(matters).sort()) {
		hash.update(`\0${path}\0${content.get(path) ?? ""}`);
	}
	return hash.digest("hex");
}
