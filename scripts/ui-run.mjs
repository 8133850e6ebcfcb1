/** What every run of checks in the real editor begins and ends with. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launchChromium } from "../test/host/code-web/host.mjs";
import { createChecks } from "../test/ui/checks.mjs";
import { prepare } from "./prepare.mjs";

export const ROOT = join(import.meta.dirname, "..");
export const SCREENSHOTS = join(ROOT, "test/ui/screenshots");
export const VSIX = join(ROOT, "jetbox.vsix");

/**
 * Packages the extension and drives it.
 * @param {string} name of the run, such as `ui`
 * @param drive gets `home` (what install.mjs returned), `python`, `browser`, `scratch` (a folder, removed afterwards) and `checksOn`
 * @returns {Promise<number>} the exit code
 */
export async function runChecks(name, drive) {
	const { python, host: home } = await prepare({ browser: true, host: true });
	execFileSync("npm", ["run", "package"], { cwd: ROOT, stdio: ["ignore", "ignore", "inherit"] });
	mkdirSync(SCREENSHOTS, { recursive: true });
	const scratch = mkdtempSync(join(tmpdir(), `jetbox-${name}-`));
	const { results, checksOn } = createChecks(SCREENSHOTS);
	const browser = await launchChromium();
	try {
		await drive({ home, python, browser, scratch, checksOn });
	} finally {
		await browser.close();
		rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
		if (process.env.JETBOX_COUNTS) writeFileSync(process.env.JETBOX_COUNTS, JSON.stringify(results));
	}
	console.log(`${name}: ${results.passed} passed, ${results.failed} failed; screenshots in ${SCREENSHOTS}`);
	return results.failed > 0 ? 1 : 0;
}
