/** What pytest is told on its command line in a workspace. */
import { readFileSync } from "node:fs";
import { devNull } from "node:os";
import { join } from "node:path";
import { pytestArguments, pytestConfigOf } from "../../core/probes/pytest.ts";

/** The workspace's own pytest configuration file at its root, or null. */
export function pytestConfigIn(root: string): string | null {
	return pytestConfigOf((name) => {
		try {
			return readFileSync(join(root, name), "utf8");
		} catch {
			return null;
		}
	});
}

/** Whether the configuration says which files hold tests, or takes tests from other modules: any new file may hold some. */
export function hasOwnPatterns(root: string): boolean {
	const config = pytestConfigIn(root);
	if (config === null) return false;
	try {
		return /python_files|--doctest/.test(readFileSync(join(root, config), "utf8"));
	} catch {
		return true;
	}
}

/** Arguments for pytest. @param privateDir for temporary files and pytest's cache */
export function pytestArgumentsIn(root: string, privateDir: string): readonly string[] {
	return pytestArguments({ root, config: pytestConfigIn(root), privateDir, nullDevice: devNull });
}
