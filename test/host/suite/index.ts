/** The editor's way into the suite: runs every bundled test file and tells the launcher how many passed. */
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { canaryHooks } from "./canaries.ts";

const TEST_TIMEOUT_MS = 120_000;

/** @throws when a test failed */
export async function run(): Promise<void> {
	// mocha is an ES module: an older editor's loader cannot require it.
	const { default: Mocha } = await import("mocha");
	const folders: unknown = JSON.parse(process.env["JETBOX_CANARY_FOLDERS"] ?? "null");
	if (!Array.isArray(folders)) throw new Error("The launcher laid out no canaries.");
	const rootHooks = canaryHooks(folders.map(String));
	const mocha = new Mocha({ ui: "tdd", reporter: "spec", timeout: TEST_TIMEOUT_MS, rootHooks });
	const files = readdirSync(__dirname).filter((name) => name.endsWith(".test.cjs"));
	for (const file of files.sort()) mocha.addFile(join(__dirname, file));
	const counts = { passed: 0, failed: 0 };
	await new Promise<void>((resolve) => {
		mocha
			.run(() => resolve())
			.on("pass", () => {
				counts.passed += 1;
			})
			.on("fail", () => {
				counts.failed += 1;
			});
	});
	const path = process.env["JETBOX_COUNTS"];
	if (path !== undefined) writeFileSync(path, JSON.stringify(counts));
	if (counts.failed > 0) throw new Error(`${counts.failed} host tests failed`);
}
