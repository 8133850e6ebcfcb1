/**
 * `npm run test:host`: the host suites in a real editor, on copies of the demo project, with the practice model and canaries around
 * them; then a look from outside at the canaries and for processes that the run left. VSCODE_HOST=desktop takes the desktop build instead. Needs dist/.
 * `npm run test:host -- undo-round` runs the test files alone whose names hold one of the words; `-- leaks` is what 20 runs leave behind.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runTests } from "@vscode/test-electron";
import { build } from "esbuild";
import { cutOffRun } from "../test/host/cut-off-run.mjs";
import { copyDemoProject, writeSettings } from "./editor-profile.mjs";
import { exitCodeOf, prepare } from "./prepare.mjs";
import { loadCanaries } from "./test-canaries.mjs";

const ROOT = join(import.meta.dirname, "..");
const HOST = join(ROOT, "test", "host");
const OUT = join(ROOT, "out", "test", "host");
const WORDS = process.argv.slice(2);
const OWN_SETTINGS = {
	"extensions.autoUpdate": false,
	// On in a browser, where the desktop has it off; the tests have unsaved text.
	"files.autoSave": "off",
	"workbench.enableExperiments": false,
};
const DESKTOP = process.env.VSCODE_HOST === "desktop";

/** One editor a folder of tests: each opens what its tests are about. */
const WINDOWS = [
	{ suite: "suite", open: openProject },
	{ suite: "multi-root", open: openTwoFolders },
	// Takes minutes: only where one of the words asks for it.
	{ suite: "runs", open: openProject, onDemand: true },
];

process.exitCode = await exitCodeOf(testHost);

async function testHost() {
	const tools = await prepare({ browser: !DESKTOP, host: !DESKTOP });
	const wanted = WINDOWS.filter(
		({ suite, onDemand }) => testsOf(suite).length > 0 && (WORDS.length > 0 || onDemand !== true),
	);
	const results = [];
	for (const window of wanted) results.push(await testWindow(window, tools));
	const sum = (name) => results.reduce((total, result) => total + result[name], 0);
	const result = { passed: sum("passed"), failed: sum("failed") };
	if (process.env.JETBOX_COUNTS) writeFileSync(process.env.JETBOX_COUNTS, JSON.stringify(result));
	return result.failed > 0 || results.length === 0 ? 1 : 0;
}

async function testWindow({ suite, open }, { python, browser }) {
	const out = await bundleSuite(suite);
	const scratch = realpathSync(mkdtempSync(join(tmpdir(), "jetbox-host-")));
	const counts = join(scratch, "counts.json");
	const places = { home: join(scratch, "home"), beside: join(scratch, "beside") };
	const canaries = await (await loadCanaries()).openCanaries(places);
	try {
		const userData = join(scratch, "user");
		writeSettings(userData, python, OWN_SETTINGS);
		const stateHome = join(scratch, "state");
		const { target, env } = await open({ scratch, python, stateHome });
		const passed = await runTests({
			...(DESKTOP ? {} : { vscodeExecutablePath: join(ROOT, "test/host/code-web/code-web.mjs") }),
			extensionDevelopmentPath: ROOT,
			extensionTestsPath: join(out, "index.cjs"),
			launchArgs: [
				target,
				`--user-data-dir=${userData}`,
				`--extensions-dir=${join(scratch, "extensions")}`,
				"--disable-workspace-trust",
			],
			extensionTestsEnv: {
				...env,
				JETBOX_TEST_TAG: canaries.env.JETBOX_TEST_TAG,
				JETBOX_CANARY_FOLDERS: JSON.stringify(Object.values(places)),
				// The desktop's own program keeps its things in the home that it is given.
				...(DESKTOP ? {} : { CODE_WEB_TESTS_HOME: places.home }),
				JETBOX_COUNTS: counts,
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
		const failed = told.failed + (seen.length === 0 ? 0 : 1);
		return {
			passed: told.passed + (seen.length === 0 ? 1 : 0),
			// An editor that ended by itself has no failed test to show, and is a failure all the same.
			failed: failed === 0 && (!passed || told.passed === 0) ? 1 : failed,
		};
	} finally {
		await canaries.close();
		rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
	}
}

/** The demo project, with a run that was cut off where a test asks for it. */
async function openProject({ scratch, python, stateHome }) {
	const target = copyDemoProject(join(scratch, "shelf"));
	if (!testsOf("suite").some((path) => path.endsWith("cut-off.test.ts"))) return { target, env: {} };
	const cutOff = await cutOffRun({ extensionPath: ROOT, workspace: target, python, stateHome });
	return { target, env: { JETBOX_CUT_OFF_RUN: cutOff } };
}

/** The demo project twice in one workspace, the second with settings of its own. */
async function openTwoFolders({ scratch }) {
	copyDemoProject(join(scratch, "first"));
	const settings = join(copyDemoProject(join(scratch, "second")), ".vscode/settings.json");
	mkdirSync(join(settings, ".."), { recursive: true });
	writeFileSync(settings, JSON.stringify({ "jetbox.probe.pytest": false, "jetbox.maxRounds": 3 }));
	const target = join(scratch, "two.code-workspace");
	writeFileSync(target, JSON.stringify({ folders: [{ path: "first" }, { path: "second" }] }));
	return { target, env: {} };
}

/** @returns the folder with the bundled tests and their `index.cjs` */
async function bundleSuite(suite) {
	const out = join(OUT, suite);
	rmSync(out, { recursive: true, force: true });
	await build({
		entryPoints: [join(HOST, "suite/index.ts"), ...testsOf(suite)],
		outdir: out,
		entryNames: "[name]",
		outExtension: { ".js": ".cjs" },
		bundle: true,
		platform: "node",
		target: "node20",
		format: "cjs",
		external: ["vscode", "mocha"],
		sourcemap: "inline",
		logLevel: "warning",
	});
	return out;
}

function testsOf(suite) {
	const folder = join(HOST, suite);
	const isWanted = (name) => WORDS.length === 0 || WORDS.some((word) => name.includes(word));
	return readdirSync(folder)
		.filter((name) => name.endsWith(".test.ts") && isWanted(name))
		.map((name) => join(folder, name));
}

function readCounts(path) {
	try {
		return JSON.parse(readFileSync(path, "utf8"));
	} catch {
		return { passed: 0, failed: 1 };
	}
}
