/** Keys of answers: everything that can affect a probe's result, hashed. */
import { createHash } from "node:crypto";
import { isLintConfig, isLintSource, isTestFile } from "../../core/probes/inputs.ts";
import type { Toolchain } from "./interpreter.ts";
import { pytestConfigIn } from "./pytest-probe.ts";
import type { Content } from "./sweep.ts";

/** Of lint: sources, configurations, and the ruff that reads them. */
export function lintKey(content: Content, { ruff }: Toolchain): string {
	return keyOf(content, (path) => isLintSource(path) || isLintConfig(path), ruff?.fingerprint ?? "");
}

/** Of the configurations that ruff reads, and ruff itself: where this moves, every file is judged anew. */
export function lintConfigKey(content: Content, { ruff }: Toolchain): string {
	return keyOf(content, isLintConfig, ruff?.fingerprint ?? "");
}

/** Of tests: every file, since a test may read any, and the interpreter with its packages. */
export function testKey(content: Content, { python }: Toolchain): string {
	return keyOf(content, () => true, python?.fingerprint ?? "");
}

/** Whether there is anything for pytest to do: a test file by its defaults, or a configuration that may name others. */
export function hasTests(root: string, content: Content): boolean {
	return [...content.keys()].some(isTestFile) || pytestConfigIn(root) !== null;
}

function keyOf(content: Content, matters: (path: string) => boolean, tool: string): string {
	const hash = createHash("sha256").update(tool);
	for (const path of [...content.keys()].filter(matters).sort()) {
		hash.update(`\0${path}\0${content.get(path) ?? ""}`);
	}
	return hash.digest("hex");
}
