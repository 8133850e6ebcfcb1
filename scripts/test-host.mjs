/**
 * `npm run test:host`: the host suite in a real editor, on a copy of the demo project, with the practice model and canaries around
 * it; then a look from outside at the canaries and for processes that the run left. VSCODE_HOST=desktop takes the desktop build instead. Needs dist/.
 * `npm run test:host -- undo-round` runs the test files alone whose names hold one of the words.
 */
import {
	cpSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	realpathSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runTests } from "@vscode/test-electron";
import { build } from "esbuild";
import { cutOffRun } from "../test/host/cut-off-run.mjs";
import { PrepareError, prepare } from "./prepare.mjs";
import { loadCanaries } from "./test-canaries.mjs";

const ROOT = join(import.meta.dirname, "..");
const OUT = join(ROOT, "out", "test", "host");
const WORDS = process.argv.slice(2);
const DESKTOP = process.env.VSCODE_HOST === "desktop";

process.exitCode = await testHost().catch((error) => {
	if (!(error instanceof PrepareError)) throw error;
	console.error(error.message);
	return 2;
});

async function testHost() {
	const { python, browser } = await prepare({ browser: !DESKTOP, host: !DESKTOP });
	await bundleSuite();
	const scratch = realpathSync(mkdtempSync(join(tmpdir(), "jetbox-host-")));
	const counts = join(scratch, "counts.json");
	const places = { home: join(scratch, "home"), beside: join(scratch, "beside") };
	const canaries = await (await loadCanaries()).openCanaries(places);
	try {
		const workspace = join(scratch, "shelf");
		cpSync(join(ROOT, "media/demo-project"), workspace, {
			recursive: true,
			filter: (path) => !path.includes("__pycache__"),
		});
		const userData = join(scratch, "user");
		writeSettings(userData, python);
		const stateHome = join(scratch, "state");
		const cutOff = await cutOffRun({ extensionPath: ROOT, workspace, python, stateHome });
		const passed = await runTests({
			...(DESKTOP ? {} : { vscodeExecutablePath: join(ROOT, "test/host/code-web/code-web.mjs") }),
			extensionDevelopmentPath: ROOT,
			extensionTestsPath: join(OUT, "index.cjs"),
			launchArgs: [
				workspace,
				`--user-data-dir=${userData}`,
				`--extensions-dir=${join(scratch, "extensions")}`,
				"--disable-workspace-trust",
			],
			extensionTestsEnv: {
				JETBOX_TEST_TAG: canaries.env.JETBOX_TEST_TAG,
				JETBOX_CANARY_FOLDERS: JSON.stringify(Object.values(places)),
				// The desktop's own program keeps its things in the home that it is given.
				...(DESKTOP ? {} : { CODE_WEB_TESTS_HOME: places.home }),
				JETBOX_COUNTS: counts,
				JETBOX_CUT_OFF_RUN: cutOff,
				XDG_STATE_HOME: stateHome,
				...(browser === null ? {} : { CHROMIUM_PATH: browser }),
			},
		}).then(
			() => true,
			(error) => {
				console.error(`host: ${error.message}`);
				return false;
			},
		);
		const seen = [...(await canaries.left()), ...canaries.violations()];
		for (const what of seen) console.error(`host: ${what}`);
		if (seen.length === 0) console.log("  ✔ no process of the run is left, no canary was touched (seen from outside)");
		const told = readCounts(counts);
		const result = {
			passed: told.passed + (seen.length === 0 ? 1 : 0),
			failed: told.failed + (seen.length === 0 ? 0 : 1),
		};
		// An editor that ended by itself has no failed test to show, and is a failure all the same.
		if (!passed && result.failed === 0) result.failed = 1;
		if (process.env.JETBOX_COUNTS) writeFileSync(process.env.JETBOX_COUNTS, JSON.stringify(result));
		return result.failed > 0 || told.passed === 0 ? 1 : 0;
	} finally {
		await canaries.close();
		rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
	}
}

async function bundleSuite() {
	const suite = join(ROOT, "test/host/suite");
	const tests = readdirSync(suite).filter((name) => name.endsWith(".test.ts") && isWanted(name));
	rmSync(OUT, { recursive: true, force: true });
	await build({
		entryPoints: ["index.ts", ...tests].map((name) => join(suite, name)),
		outdir: OUT,
		outExtension: { ".js": ".cjs" },
		bundle: true,
		platform: "node",
		target: "node20",
		format: "cjs",
		external: ["vscode", "mocha"],
		sourcemap: "inline",
		logLevel: "warning",
	});
}

function isWanted(name) {
	return WORDS.length === 0 || WORDS.some((word) => name.includes(word));
}

/** A remote window reads settings of the scope `machine` from the server's own file, the desktop from the user's. */
function writeSettings(userData, python) {
	const settings = JSON.stringify({
		"chat.disableAIFeatures": true,
		// The editor asks before each call of a tool, and nobody is there to answer.
		"chat.tools.global.autoApprove": true,
		"chat.tools.autoApprove": true,
		"extensions.autoUpdate": false,
		// On in a browser, where the desktop has it off; the tests have unsaved text.
		"files.autoSave": "off",
		"workbench.enableExperiments": false,
		"workbench.startupEditor": "none",
		"jetbox.model": "practice",
		"jetbox.approve": "edits",
		"jetbox.sandbox": "off",
		"jetbox.pythonPath": python,
		"jetbox.maxRounds": 40,
	});
	for (const folder of ["User", "Machine"]) {
		mkdirSync(join(userData, folder), { recursive: true });
		writeFileSync(join(userData, folder, "settings.json"), settings);
	}
}

function readCounts(path) {
	try {
		return JSON.parse(readFileSync(path, "utf8"));
	} catch {
		return { passed: 0, failed: 1 };
	}
}
