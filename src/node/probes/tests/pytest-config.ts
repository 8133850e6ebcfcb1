/** What pytest is told on its command line in a workspace. */
import { existsSync } from "node:fs";
import { devNull } from "node:os";
import { join } from "node:path";
import { PYTEST_CONFIGS, pytestArguments, pytestConfigOf } from "../../../core/probes/pytest.ts";
import type { Content } from "../content/content.ts";
import { readPlainText } from "../content/plain-file.ts";

/** A larger one is none: pytest would take seconds over it. */
const MAX_CONFIG_BYTES = 4 * 1024 * 1024;

/** The workspace's own pytest configuration file at its root, or null. */
export function pytestConfigIn(root: string): string | null {
	// Asked several times a run: what is not there costs a tenth of an exception so.
	const read = (path: string) => (existsSync(path) ? readPlainText(path, MAX_CONFIG_BYTES) : null);
	return pytestConfigOf((name) => read(join(root, name)));
}

/**
 * Tells whether the configuration says which files hold tests, or takes tests from other modules: any new file may hold some.
 * The configuration of one content is read once.
 */
export function createPatternSearch(root: string): (content: Content) => boolean {
	let known: { readonly of: string; readonly answer: boolean } | null = null;
	return (content) => {
		const of = PYTEST_CONFIGS.map((name) => content.get(name) ?? "").join();
		if (known?.of !== of) known = { of, answer: hasOwnPatterns(root) };
		return known.answer;
	};
}

function hasOwnPatterns(root: string): boolean {
	const config = pytestConfigIn(root);
	if (config === null) return false;
	const text = readPlainText(join(root, config), MAX_CONFIG_BYTES);
	return text === null || /python_files|--doctest/.test(text);
}

/** Arguments for pytest. @param config as `pytestConfigIn` finds it @param privateDir for temporary files and pytest's cache */
export function pytestArgumentsFor(root: string, config: string | null, privateDir: string): readonly string[] {
	return pytestArguments({ root, config, privateDir, nullDevice: devNull });
}
