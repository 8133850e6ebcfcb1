/**
 * `npm run test:flows`: long ways through the packaged extension in a real VS Code (test/ui/flows), each in a fresh profile;
 * leaves screenshots under test/ui/screenshots (ignored by git), to be looked at. No part of `npm test`: it takes minutes.
 *
 *   npm run test:flows -- [--only newcomer,task-starts]
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { access } from "../test/ui/flows/access.mjs";
import { history } from "../test/ui/flows/history.mjs";
import { newcomer, sampleFolder } from "../test/ui/flows/newcomer.mjs";
import { references } from "../test/ui/flows/references.mjs";
import { review } from "../test/ui/flows/review.mjs";
import { running } from "../test/ui/flows/running.mjs";
import { settings } from "../test/ui/flows/settings.mjs";
import { taskStarts } from "../test/ui/flows/task-starts.mjs";
import { keyboard, mouse, pointerPresses } from "../test/ui/hands.mjs";
import { SCRIPTED_MODEL, startScriptedServer } from "../test/ui/scripted-server.mjs";
import { openSidebar } from "../test/ui/sidebar.mjs";
import { openWorkbench, problemsOf, runCommand } from "../test/ui/workbench.mjs";
import { copyDemoProject, DEMO_PROJECT } from "./editor-profile.mjs";
import { exitCodeOf } from "./prepare.mjs";
import { ROOT, runChecks, VSIX } from "./ui-run.mjs";

/** Nothing listens there: a model server of this machine has no say in a test. */
const NO_SERVER = { OLLAMA_HOST: "127.0.0.1:9" };
/** Lists one test of the demo project in the Testing view, as Python's own extension would. */
const TESTS_IN_VIEW = join(ROOT, "test/ui/tests-in-view");
const FLOWS = {
	newcomer: (parts, checksOn) => newcomerBy(mouse, parts, checksOn),
	"newcomer-keyboard": (parts, checksOn) => newcomerBy(keyboard, parts, checksOn),
	"task-starts": (parts, checksOn) =>
		inProject(parts, checksOn, taskStarts, { isProbed: true, development: TESTS_IN_VIEW }),
	references: (parts, checksOn) => inProject(parts, checksOn, references, { isProbed: true, model: SCRIPTED_MODEL }),
	running: (parts, checksOn) => inProject(parts, checksOn, running),
	review: (parts, checksOn) => inProject(parts, checksOn, review),
	history: (parts, checksOn) => inProject(parts, checksOn, history),
	settings: (parts, checksOn) => inProject(parts, checksOn, settings),
	access: (parts, checksOn) => inProject(parts, checksOn, access, { approve: "review" }),
};

process.exitCode = await exitCodeOf(() => runChecks("flows", driveFlows));

async function driveFlows({ scratch, checksOn, ...parts }) {
	for (const [name, flow] of Object.entries(FLOWS)) {
		if (!isAsked(name)) continue;
		const own = join(scratch, name);
		mkdirSync(own);
		console.log(name);
		await flow({ ...parts, scratch: own }, checksOn);
	}
}

/** The interpreter has neither ruff nor pytest: Check Setup installs them. */
async function newcomerBy(handsOf, { home, browser, scratch, python }, checksOn) {
	const bare = join(scratch, "bare");
	execFileSync(python, ["-m", "venv", "--without-pip", bare]);
	const workbench = await openWorkbench({
		...{ home, browser, scratch, folder: null, vsix: null },
		settings: { "security.workspace.trust.enabled": true },
		env: { ...NO_SERVER, PATH: `${join(bare, "bin")}:${process.env.PATH}` },
	});
	const { page, view } = workbench;
	try {
		const hands = handsOf(page, view);
		const ownChecks = checksOn(page, { isPath: true });
		const presses = await pointerPresses(page);
		await newcomer(workbench, ownChecks, { hands, vsix: VSIX, hasTools: false });
		await ownChecks.check(
			`newcomer, ${hands.name}: ${hands.name === "keyboard" ? "no" : "a"} pointer was pressed`,
			() => {
				assert.equal(presses() > 0, hands.name === "mouse");
			},
		);
	} finally {
		const sample = sampleFolder(page);
		await workbench.close();
		if (sample.startsWith(join(tmpdir(), "jetbox-sample-"))) rmSync(dirname(sample), { recursive: true, force: true });
	}
}

/**
 * A flow in a copy of the demo project, with the practice model and a scripted server at hand, the sidebar open.
 * @param isProbed whether its problems are known
 */
async function inProject({ home, browser, scratch, python }, checksOn, flow, options = {}) {
	const { isProbed = false, development = null, model = "practice", approve = "edits" } = options;
	const folder = copyDemoProject(join(scratch, "demo-project"));
	const server = await startScriptedServer([]);
	const workbench = await openWorkbench({
		...{ home, browser, scratch, folder, vsix: VSIX, development, env: NO_SERVER },
		settings: {
			"jetbox.model": model,
			"jetbox.approve": approve,
			"jetbox.sandbox": "off",
			"jetbox.pythonPath": python,
			"workbench.colorTheme": "Default Dark Modern",
			...(model === SCRIPTED_MODEL ? { "jetbox.server": server.url, "jetbox.protocol": "native" } : {}),
		},
	});
	try {
		await openSidebar(workbench);
		if (isProbed) await probe(workbench);
		await flow(workbench, checksOn(workbench.page), { folder, original: DEMO_PROJECT, scratch, server });
	} finally {
		await workbench.close();
		server.stop();
	}
}

async function probe({ page }) {
	await runCommand(page, "Jetbox: Run Probe Now");
	await runCommand(page, "Problems: Focus on Problems View");
	await problemsOf(page, "Jetbox ruff");
}

function isAsked(name) {
	const at = process.argv.indexOf("--only");
	return at === -1 || (process.argv[at + 1] ?? "").split(",").includes(name);
}
