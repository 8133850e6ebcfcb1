#!/usr/bin/env node
/**
 * Drives the packaged extension in a real VS Code as a person would: palette, sidebar, Problems, keyboard, questions (test/ui);
 * checks accessibility and leaves screenshots under test/ui/screenshots (ignored by git). `--pictures` also renews the README's,
 * under media/screenshots. `--approvals` walks through the questions alone.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launchChromium } from "../test/host/code-web/host.mjs";
import { asksForPermission, checkApprovals } from "../test/ui/approvals.mjs";
import { createChecks } from "../test/ui/checks.mjs";
import { checkRestrictedMode } from "../test/ui/restricted-mode.mjs";
import { startScriptedServer } from "../test/ui/scripted-server.mjs";
import { walkThrough } from "../test/ui/walk-through.mjs";
import { openWorkbench } from "../test/ui/workbench.mjs";
import { exitCodeOf, prepare } from "./prepare.mjs";
import { loadCanaries } from "./test-canaries.mjs";

const root = join(import.meta.dirname, "..");
const screenshots = join(root, "test/ui/screenshots");
const original = join(root, "media/demo-project");
const vsix = join(root, "jetbox.vsix");
/** Those of the README, by their name in the flow. */
const PICTURES = ["problems", "sidebar-green", "review"];
const MAX_VSIX_BYTES = 600 * 1024;

process.exitCode = await exitCodeOf(testUi);

async function testUi() {
	const { python, host } = await prepare({ browser: true, host: true });
	execFileSync("npm", ["run", "package"], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
	mkdirSync(screenshots, { recursive: true });
	const scratch = mkdtempSync(join(tmpdir(), "jetbox-ui-"));
	const { results, checksOn } = createChecks(screenshots);
	try {
		await driveAmongCanaries({ host, python, scratch, checksOn });
	} finally {
		rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
		if (process.env.JETBOX_COUNTS) writeFileSync(process.env.JETBOX_COUNTS, JSON.stringify(results));
	}
	console.log(`ui: ${results.passed} passed, ${results.failed} failed; screenshots in ${screenshots}`);
	return results.failed > 0 ? 1 : 0;
}

async function driveAmongCanaries({ host, python, scratch, checksOn }) {
	const canaryKit = await loadCanaries();
	const { openCanaries, ownProgramsBelow, DEFAULT_SERVER_PORT } = canaryKit;
	const canaries = await openCanaries({ home: join(scratch, "home"), beside: join(scratch, "beside") });
	const folder = join(scratch, "demo-project");
	cpSync(original, folder, { recursive: true });
	const scripted = await startScriptedServer(asksForPermission(folder));
	const browser = await launchChromium();
	let followed = null;
	try {
		await checkRestrictedMode({
			...{ home: host, browser, vsix, python, checksOn, canaries: canaryKit },
			scratch: join(scratch, "restricted"),
		});
		const workbench = await openWorkbench({
			...{ home: host, browser, scratch, folder, vsix },
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
		await browser.close();
		scripted.stop();
		await canaries.close();
	}
}

async function drive(workbench, checks, { folder, scripted }) {
	const { page, view } = workbench;
	await checks.check("the package is small", () => {
		assert.ok(statSync(vsix).size <= MAX_VSIX_BYTES, `${statSync(vsix).size} bytes`);
	});
	await checks.check("the activity bar opens the sidebar, which is ready for a task", async () => {
		await page.getByRole("tab", { name: "Jetbox" }).click();
		await view.getByRole("textbox").waitFor();
		await checks.shot("sidebar-ready");
	});
	const places = { folder, original };
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
				copyFileSync(join(screenshots, `${name}.png`), join(root, "media/screenshots", `${name}.png`));
		},
	};
}
