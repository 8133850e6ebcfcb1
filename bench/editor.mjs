/** Starts the real editor for bench/host: Jetbox beside three empty extensions, on a copy of the demo project. */
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
import { copyDemoProject, writeSettings } from "../scripts/editor-profile.mjs";

const ROOT = join(import.meta.dirname, "..");
const EMPTY_EXTENSIONS = ["empty-a", "empty-b", "empty-c"];
const ACTIVATION_FACTOR = 1.5;
const ACTIVATION_EXTRA_MS = 20;
const LAG_GOAL_MS = 50;
/** Of the editor: one is over too soon to tell. */
const STARTS = 5;

/**
 * @param {{ python: string, browser: string, suite: string }} parts
 * @returns {Promise<object[]>} the rows of activation and event loop
 */
export async function measureEditor({ python, browser, suite }) {
	const scratch = realpathSync(mkdtempSync(join(tmpdir(), "jetbox-bench-host-")));
	try {
		const starts = [];
		for (let number = 0; number < STARTS; number += 1) {
			const own = join(scratch, `start-${number}`);
			mkdirSync(own);
			starts.push(await measureStart({ python, browser, suite }, own));
		}
		return rowsOf(starts);
	} finally {
		rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
	}
}

async function measureStart({ python, browser, suite }, scratch) {
	const workspace = copyDemoProject(join(scratch, "shelf"));
	const userData = join(scratch, "user");
	writeSettings(userData, python);
	for (const name of EMPTY_EXTENSIONS) writeEmptyExtension(join(scratch, "extensions"), name);
	const result = join(scratch, "result.json");
	await runTests({
		vscodeExecutablePath: join(ROOT, "test/host/code-web/code-web.mjs"),
		extensionDevelopmentPath: copyWithoutStart(scratch),
		extensionTestsPath: suite,
		launchArgs: [
			workspace,
			`--user-data-dir=${userData}`,
			`--extensions-dir=${join(scratch, "extensions")}`,
			"--disable-workspace-trust",
		],
		extensionTestsEnv: { BENCH_RESULT: result, CHROMIUM_PATH: browser, XDG_STATE_HOME: join(scratch, "state") },
	});
	return JSON.parse(readFileSync(result, "utf8"));
}

/** Jetbox as it is, but that it does not start by itself: the start is measured where it is asked for. */
function copyWithoutStart(scratch) {
	const folder = join(scratch, "jetbox");
	for (const name of ["dist", "media", "l10n", ...readdirSync(ROOT).filter((name) => name.startsWith("package.nls"))])
		cpSync(join(ROOT, name), join(folder, name), { recursive: true });
	const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
	writeFileSync(join(folder, "package.json"), JSON.stringify({ ...manifest, activationEvents: [] }));
	return folder;
}

/** As an installed one: a browser's editor takes one extension under development only. */
function writeEmptyExtension(extensions, name) {
	const folder = join(extensions, `bench.${name}-0.0.1`);
	mkdirSync(folder, { recursive: true });
	const manifest = { name, publisher: "bench", version: "0.0.1", engines: { vscode: "^1.99.0" }, main: "./main.cjs" };
	writeFileSync(join(folder, "package.json"), JSON.stringify({ ...manifest, activationEvents: [] }));
	writeFileSync(join(folder, "main.cjs"), "exports.activate = () => undefined;\n");
}

function rowsOf(starts) {
	const all = starts.flatMap(({ empty }) => empty);
	// The first to be activated in a start pays for what all share; the median leaves it out.
	const median = medianOf(all);
	const jetbox = medianOf(starts.map((start) => start.jetbox));
	const lagP99 = medianOf(starts.map((start) => start.lagP99));
	const lagWorst = Math.max(...starts.map((start) => start.lagWorst));
	const limit = median * ACTIVATION_FACTOR + ACTIVATION_EXTRA_MS;
	return [
		{
			id: "activation",
			what: `activation, median of ${starts.length} starts, empty extension of the same starts ${median.toFixed(1)} ms`,
			measured: `${jetbox.toFixed(1)} ms`,
			goal: `<= ${limit.toFixed(1)} ms (${ACTIVATION_FACTOR}x + ${ACTIVATION_EXTRA_MS})`,
			met: jetbox <= limit,
			figures: { jetboxMs: jetbox, emptyMs: median, emptyAllMs: all },
		},
		{
			id: "event-loop",
			what: `extension host blocked during a run, worst of ${starts.length} runs (p99 ${lagP99.toFixed(1)} ms)`,
			measured: `${lagWorst.toFixed(1)} ms`,
			goal: `<= ${LAG_GOAL_MS} ms`,
			met: lagWorst <= LAG_GOAL_MS,
			figures: { worstMs: lagWorst, p99Ms: lagP99 },
		},
	];
}

function medianOf(values) {
	return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)];
}
