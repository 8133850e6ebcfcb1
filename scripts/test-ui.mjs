#!/usr/bin/env node
/**
 * Drives the packaged extension in a real VS Code as a person would: palette, sidebar, Problems, keyboard; checks
 * accessibility and leaves screenshots under test/ui/screenshots (ignored by git). `--pictures` also renews the README's,
 * under media/screenshots. `--approvals` walks through the questions alone.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launchChromium, QUIET_SETTINGS, startServer, workbenchUrl } from "../test/host/code-web/host.mjs";
import { ensureHome } from "../test/host/code-web/install.mjs";
import { asksForPermission, checkApprovals } from "../test/ui/approvals.mjs";
import { startScriptedServer } from "../test/ui/scripted-server.mjs";
import { problemsOf } from "../test/ui/workbench.mjs";
import { loadCanaries } from "./test-canaries.mjs";

const root = join(import.meta.dirname, "..");
const screenshots = join(root, "test/ui/screenshots");
/** Those of the README, by their name in the flow. */
const PICTURES = ["problems", "sidebar-green", "review"];
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TASK = "Make the failing tests pass and fix the lint errors";
/** Light and high contrast are checked on the page itself (test/unit/webview): the web host does not switch themes live. */
const THEMES = ["Default Dark Modern"];
const MAX_VSIX_BYTES = 600 * 1024;
/** On a machine with much other work the editor's page alone takes minutes. */
const STEP_TIMEOUT_MS = 300_000;
const RUN_TIMEOUT_MS = 600_000;

const home = ensureHome();
const vsix = join(root, "jetbox.vsix");
execFileSync("npm", ["run", "package"], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
mkdirSync(screenshots, { recursive: true });

const scratch = mkdtempSync(join(tmpdir(), "jetbox-ui-"));
const folder = join(scratch, "demo-project");
cpSync(join(root, "media/demo-project"), folder, { recursive: true });
const dirs = {
	dataDir: join(scratch, "server"),
	userDataDir: join(scratch, "user"),
	extensionsDir: join(scratch, "extensions"),
};
mkdirSync(join(dirs.userDataDir, "User"), { recursive: true });
const settingsPath = join(dirs.userDataDir, "User/settings.json");
// A remote window reads machine-scoped settings from the server's own file.
mkdirSync(join(dirs.userDataDir, "Machine"), { recursive: true });
const machineSettings = {
	"jetbox.model": "practice",
	"jetbox.approve": "edits",
	"jetbox.sandbox": "off",
	"jetbox.pythonPath": join(root, ".cache/venv/bin/python"),
};
setMachine({});
execFileSync(
	home.node,
	[
		home.serverMain,
		"--install-extension",
		vsix,
		"--server-data-dir",
		dirs.dataDir,
		"--user-data-dir",
		dirs.userDataDir,
		"--extensions-dir",
		dirs.extensionsDir,
	],
	{ stdio: ["ignore", "ignore", "inherit"] },
);

const { openCanaries, ownProgramsBelow, DEFAULT_SERVER_PORT } = await loadCanaries();
const canaries = await openCanaries({ home: join(scratch, "home"), beside: join(scratch, "beside") });
const env = {
	...process.env,
	...canaries.env,
	XDG_STATE_HOME: join(scratch, "state"),
	XDG_CACHE_HOME: join(scratch, "cache"),
};
const scripted = await startScriptedServer(asksForPermission(folder));
const server = await startServer({ home, ...dirs, env });
const followed = canaries.follow(() => ownProgramsBelow(server.pid), new Set([DEFAULT_SERVER_PORT, scripted.port]));
const browser = await launchChromium();
const page = await browser.newPage({ viewport: { width: 1000, height: 680 } });
page.setDefaultTimeout(STEP_TIMEOUT_MS);
const results = { passed: 0, failed: 0 };
try {
	await page.goto(workbenchUrl(server, { folder }));
	await page.locator(".monaco-workbench").waitFor();
	const view = page.frameLocator("iframe.webview.ready").frameLocator("#active-frame");

	await check("the package is small", () => {
		assert.ok(statSync(vsix).size <= MAX_VSIX_BYTES, `${statSync(vsix).size} bytes`);
	});
	await check("the activity bar opens the sidebar, which is ready for a task", async () => {
		await page.getByRole("tab", { name: "Jetbox" }).click();
		await view.getByRole("textbox").waitFor();
		await shot("sidebar-ready");
	});
	if (!process.argv.includes("--approvals")) await walkThrough(view);
	const original = join(root, "media/demo-project");
	await checkApprovals({ page, view, check, runCommand, shot, folder, original, server: scripted, setMachine });
} finally {
	await browser.close();
	await server.stop();
	scripted.stop();
	followed.stop();
	await check("no file outside the workspace changed, no canary was reached, no process is left", async () => {
		assert.ok(followed.processes().length > 0, "the extension's processes were watched");
		assert.deepEqual([...canaries.violations(), ...followed.sockets(), ...(await followed.left())], []);
	});
	await canaries.close();
	rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
	if (process.env.JETBOX_COUNTS) writeFileSync(process.env.JETBOX_COUNTS, JSON.stringify(results));
}
console.log(`ui: ${results.passed} passed, ${results.failed} failed; screenshots in ${screenshots}`);
process.exitCode = results.failed > 0 ? 1 : 0;

async function walkThrough(view) {
	await check("Run Probe Now fills Problems and the sidebar", async () => {
		await runCommand("Jetbox: Run Probe Now");
		await runCommand("Problems: Focus on Problems View");
		await problemsOf(page, "Jetbox pytest");
		await problemsOf(page, "Jetbox ruff");
		await shot("problems");
	});
	await check("the task box takes a task by keyboard and the run ends green", async () => {
		await runCommand("Jetbox: Focus on Jetbox View");
		await view.getByRole("textbox").fill(TASK);
		await view.getByRole("textbox").press("Control+Enter");
		await view
			.getByText(/All green/)
			.first()
			.waitFor({ timeout: RUN_TIMEOUT_MS });
		await shot("sidebar-green");
	});
	await check("Review Changes opens every file that the run changed, in one diff editor", async () => {
		await runCommand("Jetbox: Review Changes of Last Run");
		await page.getByRole("tab", { name: /Jetbox: changes of the run/ }).waitFor();
		await page.locator(".line-insert, .line-delete").first().waitFor();
		await shot("review");
		await runCommand("View: Close All Editors");
	});
	await check("Problems are empty at the end", async () => {
		await page
			.locator(".markers-panel")
			.getByText(/No problems have been detected/)
			.waitFor();
	});
	await check("the palette's Run Task asks for a task, and a green workspace ends at once", async () => {
		await runCommand("Jetbox: Run Task");
		const box = page.locator(".quick-input-box input");
		await page.locator(".quick-input-title").filter({ hasText: "Jetbox: Run Task" }).waitFor();
		await box.fill(TASK);
		await box.press("Enter");
		await view
			.getByText(/green already/)
			.first()
			.waitFor({ timeout: RUN_TIMEOUT_MS });
	});
	await check("Check Setup lists every part with its state", async () => {
		await runCommand("Jetbox: Check Setup");
		for (const part of ["model", "python", "ruff", "pytest", "sandbox"]) {
			await page.locator(".quick-input-list [role=option]").filter({ hasText: part }).first().waitFor();
		}
		await shot("check-setup");
		await page.keyboard.press("Escape");
	});
	await check("the keyboard alone walks the sidebar's controls", async () => {
		const frame = await activeFrame();
		await runCommand("Jetbox: Focus on Jetbox View");
		await frame.waitForFunction(() => document.hasFocus());
		const seen = new Set();
		for (let step = 0; step < 6; step += 1) {
			await page.keyboard.press("Tab");
			seen.add(await frame.evaluate(() => document.activeElement?.outerHTML.slice(0, 80) ?? ""));
		}
		assert.ok(seen.size >= 3, `only ${[...seen].join(" | ")} took the focus`);
	});
	for (const theme of THEMES) {
		await check(`axe finds nothing in ${theme}`, async () => {
			useTheme(theme);
			const frame = await activeFrame();
			const kind = theme.includes("High")
				? "vscode-high-contrast"
				: theme.includes("Light")
					? "vscode-light"
					: "vscode-dark";
			await frame.waitForFunction((wanted) => document.body.dataset.vscodeThemeKind === wanted, kind);
			await frame.evaluate(AXE);
			const { violations } = await frame.evaluate(() =>
				globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"] }),
			);
			await shot(`sidebar-${kind}`);
			assert.deepEqual(
				violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`),
				[],
			);
		});
	}
	await check("Undo Last Run brings the failing tests back", async () => {
		await runCommand("Jetbox: Undo Last Run");
		await page
			.getByText(/Undone: /)
			.first()
			.waitFor();
		await problemsOf(page, "Jetbox pytest");
		const diff = ["shelf", "tests"]
			.map((part) => join(root, "media/demo-project", part))
			.map((path) => [path, path.replace(join(root, "media"), scratch)]);
		for (const [original, restored] of diff) execFileSync("diff", ["-r", "-x", "__pycache__", original, restored]);
	});
}

async function check(name, work) {
	try {
		await work();
		results.passed += 1;
		console.log(`  ok ${name}`);
	} catch (error) {
		results.failed += 1;
		console.log(`  FAILED ${name}\n${error instanceof Error ? error.message : error}`);
		if (!page.isClosed()) await shot(`failed-${results.failed}`);
	}
}

/** Settings of the machine, which the server and the page read from files of their own. */
function setMachine(changes) {
	Object.assign(machineSettings, changes);
	writeFileSync(join(dirs.userDataDir, "Machine/settings.json"), JSON.stringify(machineSettings));
	useTheme(THEMES[0]);
}

function useTheme(theme) {
	writeFileSync(
		settingsPath,
		JSON.stringify({
			...QUIET_SETTINGS,
			...machineSettings,
			"workbench.colorTheme": theme,
			"security.workspace.trust.enabled": false,
		}),
	);
}

async function activeFrame() {
	const element = await page.frameLocator("iframe.webview.ready").locator("#active-frame").elementHandle();
	const frame = await element?.contentFrame();
	assert.ok(frame, "the sidebar has no page");
	return frame;
}

async function shot(name) {
	const path = join(screenshots, `${name}.png`);
	await page.screenshot({ path });
	if (process.argv.includes("--pictures") && PICTURES.includes(name))
		copyFileSync(path, join(root, "media/screenshots", `${name}.png`));
}

/** Runs a command by its title through the palette. */
async function runCommand(title) {
	await page.keyboard.press("F1");
	const input = page.locator(".quick-input-box input");
	await input.fill(`>${title}`);
	await page.locator(".quick-input-list [role=option]").filter({ hasText: title }).first().waitFor();
	await input.press("Enter");
}
