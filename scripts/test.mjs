/**
 * `npm test`: prepares the tools, then types and lint, the build, and every suite; the first that fails ends the run. The last
 * line is `N passed, N failed` over all suites.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PrepareError, prepare } from "./prepare.mjs";

const ROOT = join(import.meta.dirname, "..");
const MS_PER_SECOND = 1000;

const scratch = mkdtempSync(join(tmpdir(), "jetbox-test-"));
const total = { passed: 0, failed: 0 };

process.exitCode = await testAll();
rmSync(scratch, { recursive: true, force: true });
console.log(`${total.passed} passed, ${total.failed} failed`);

async function testAll() {
	try {
		await prepareAll();
	} catch (error) {
		if (!(error instanceof PrepareError)) throw error;
		console.error(error.message);
		total.failed += 1;
		return 1;
	}
	const unit = join(scratch, "unit.json");
	const host = join(scratch, "host.json");
	const ui = join(scratch, "ui.json");
	const vitest = ["vitest", "run", "--reporter=default", "--reporter=json", `--outputFile.json=${unit}`];
	const ok =
		must(step("types and lint", "npm", ["run", "--silent", "check"])) &&
		must(step("build", process.execPath, ["esbuild.mjs"])) &&
		suite("unit tests", "npx", vitest, unit) &&
		suite("host tests", process.execPath, ["scripts/test-host.mjs"], host) &&
		(!existsSync(join(ROOT, "scripts/test-ui.mjs")) ||
			suite("UI tests", process.execPath, ["scripts/test-ui.mjs"], ui));
	return ok ? 0 : 1;
}

/** A missing sandbox or strace costs its own tests only, so a person's machine goes on without; CI must have everything. */
async function prepareAll() {
	await prepare({ browser: true, host: true });
	for (const part of ["sandbox", "faults"]) {
		try {
			await prepare({ venv: false, [part]: true });
		} catch (error) {
			if (!(error instanceof PrepareError) || process.env.CI) throw error;
			console.error(`${error.message} The tests that need it are left out.`);
		}
	}
}

function step(name, command, args, env = {}) {
	console.log(`\n== ${name} ==`);
	const started = performance.now();
	const { status, signal, error } = spawnSync(command, args, {
		cwd: ROOT,
		stdio: "inherit",
		env: { ...process.env, ...env },
		shell: process.platform === "win32",
	});
	const seconds = ((performance.now() - started) / MS_PER_SECOND).toFixed(1);
	if (status === 0) console.log(`== ${name}: ok, ${seconds} s ==`);
	else console.log(`== ${name}: FAILED (${error?.message ?? signal ?? `exit ${status}`}), ${seconds} s ==`);
	return status === 0;
}

/** What is no suite has no counts; "0 failed" would be untrue all the same. */
function must(ok) {
	if (!ok) total.failed += 1;
	return ok;
}

/** A step that counts: a suite that told no counts, or passed nothing, has failed. */
function suite(name, command, args, path) {
	const ok = step(name, command, args, { JETBOX_COUNTS: path });
	const { passed, failed } = readCounts(path);
	total.passed += passed;
	total.failed += ok ? failed : Math.max(failed, 1);
	return ok && failed === 0 && passed > 0;
}

/** Of a suite's own file, or of vitest's. */
function readCounts(path) {
	try {
		const told = JSON.parse(readFileSync(path, "utf8"));
		return { passed: told.passed ?? told.numPassedTests, failed: told.failed ?? told.numFailedTests };
	} catch {
		return { passed: 0, failed: 1 };
	}
}
