/** Keys of answers: everything that can affect a probe's result, hashed. */
import { isTestFile } from "../../core/probes/inputs.ts";
import type { Content } from "./content/content.ts";
import { contentDigest } from "./content/content-digest.ts";
import { pytestConfigIn } from "./tests/pytest-config.ts";
import type { Toolchain } from "./tools/interpreter.ts";

/** Of lint: sources, configurations, and the ruff that reads them. */
export function lintKey(content: Content, { ruff }: Toolchain): string {
	return `${ruff?.fingerprint ?? ""} ${contentDigest(content, "lint")}`;
}

/** Of the configurations that ruff reads, and ruff itself: where this moves, every file is judged anew. */
export function lintConfigKey(content: Content, { ruff }: Toolchain): string {
	return `${ruff?.fingerprint ?? ""} ${contentDigest(content, "lint-config")}`;
}

/** Of the import graph: every Python file, and the ruff that reads them. */
export function sourceKey(content: Content, { ruff }: Toolchain): string {
	return `${ruff?.fingerprint ?? ""} ${contentDigest(content, "sources")}`;
}

/** Of tests: every file, since a test may read any, and the interpreter with its packages. */
export function testKey(content: Content, { python }: Toolchain): string {
	return `${python?.fingerprint ?? ""} ${contentDigest(content, "tests")}`;
}

/** Tells whether there is anything for pytest to do: a test file by its defaults, or a configuration that may name others. */
export function createTestSearch(root: string): (content: Content) => boolean {
	/** The one that was found last: most contents hold it, too. */
	let found = "";
	return (content) => {
		if (content.has(found)) return true;
		for (const path of content.keys()) {
			if (!isTestFile(path)) continue;
			found = path;
			return true;
		}
		return pytestConfigIn(root) !== null;
	};
}
