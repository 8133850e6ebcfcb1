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

/** Arguments for pytest. @param privateDir for temporary files and pytest's cache */
export function pytestArgumentsIn(root: string, privateDir: string): readonly string[] {
	return pytestArguments({ root, config: pytestConfigIn(root), privateDir, nullDevice: devNull });
}
