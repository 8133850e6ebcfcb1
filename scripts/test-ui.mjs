#!/usr/bin/env node
/**
 * Drives the packaged extension in a real VS Code as a person would: palette, sidebar, Problems, keyboard, questions (test/ui);
 * checks accessibility and leaves screenshots under test/ui/screenshots (ignored by git). `--pictures` also renews the README's,
 * under media/screenshots. `--approvals` walks through the questions alone.
 */
import assert from "node:assert/strict";
import { copyFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { asksForPermission, checkApprovals } from "../test/ui/approvals.mjs";
import { checkRestrictedMode } from "../test/ui/restricted-mode.mjs";
import { startScriptedServer } from "../test/ui/scripted-server.mjs";
import { walkThrough } from "../test/ui/walk-through.mjs";
import { openWorkbench } from "../test/ui/workbench.mjs";
import { copyDemoProject, DEMO_PROJECT } from "./editor-profile.mjs";
import { exitCodeOf } from "./prepare.mjs";
import { loadCanaries } from "./test-canaries.mjs";
import { ROOT, runChecks, SCREENSHOTS, VSIX } from "./ui-run.mjs";

/** Those of the README, by their name in the flow. */
const PICTURES = ["problems", "sidebar-green", "review"];
const MAX_VSIX_BYTES = 600 * 1024;

process.exitCode = await exitCodeOf(() => runChecks("ui", driveAmongCanaries));

async function driveAmongCanaries({ home, python, browser, scratch, checksOn }) {
	const canaryKit = await loadCanaries();
	const { openCanaries, ownProgramsBelow, DEFAULT_SERVER_PORT } = canaryKit;
	const canaries = await openCanaries({ home: join(scratch, "home"), beside: join(scratch, "beside") });
	const folder = copyDemoProject(join(scratch, "demo-project"));
	const scripted = await startScriptedServer(asksForPermission(folder));
	let followed = null;
	try {
		await checkRestrictedMode({
			...{ home, browser, vsix: VSIX, python, checksOn, canaries: canaryKit },
			scratch: join(scratch, "restricted"),
		});
		const workbench = await openWorkbench({
			...{ home, browser, scratch, folder, vsix: VSIX },
			settings: {
				"jetbox.model": "practice",
				"jetbox.approve": "edits",
				"jetbox.sandbox": "off",
				"jetbox.pythonPath": python,
				"workbench.colorTheme": "Default Dark Modern",
			},
			env: { ...canaries.env, XDG_CACHE_HOME: join(scratch, "cache") },
			onServer({ pid }) {
				followed = canaries.follow(() => ownProgramsBelow(pid), new Set([DEFAULT_SERVER_PORT, scripted.port]));
			},
		});
		const checks = withPictures(checksOn(workbench.page));
		try {
			await drive(workbench, checks, { folder, scripted });
		} finally {
			await workbench.close();
		}
		await checks.check("no file outside the workspace changed, no canary was reached, no process is left", async () => {
			assert.ok(followed.processes().length > 0, "the extension's processes were watched");
			assert.deepEqual([...canaries.violations(), ...followed.sockets(), ...(await followed.left())], []);
		});
	} finally {
		followed?.stop();
		scripted.stop();
		await canaries.close();
	}
}

async function drive(workbench, checks, { folder, scripted }) {
	const { page, view } = workbench;
	await checks.check("the package is small", () => {
		assert.ok(statSync(VSIX).size <= MAX_VSIX_BYTES, `${statSync(VSIX).size} bytes`);
	});
	await checks.check("the activity bar opens the sidebar, which is ready for a task", async () => {
		await page.getByRole("tab", { name: "Jetbox" }).click();
		await view.getByRole("textbox").waitFor();
		await checks.shot("sidebar-ready");
	});
	const places = { folder, original: DEMO_PROJECT };
	if (!process.argv.includes("--approvals")) await walkThrough(workbench, checks, places);
	await checkApprovals(workbench, checks, { ...places, server: scripted });
}

function withPictures({ check, shot }) {
	if (!process.argv.includes("--pictures")) return { check, shot };
	return {
		check,
		async shot(name) {
			await shot(name);
			if (PICTURES.includes(name))
				copyFileSync(join(SCREENSHOTS, `${name}.png`), join(ROOT, "media/screenshots", `${name}.png`));
		},
	};
}
