/**
 * `node scripts/doc-pictures.mjs [NAME...]`: renews pictures of docs/pictures, each a page's subject in the packaged extension in a real
 * VS Code. Those of the README are `npm run test:ui -- --pictures`. Look at what it leaves.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { launchChromium } from "../test/host/code-web/host.mjs";
import { asksForPermission } from "../test/ui/approvals.mjs";
import { showSettings } from "../test/ui/flows/settings.mjs";
import { SCRIPTED_MODEL, startScriptedServer } from "../test/ui/scripted-server.mjs";
import { settle } from "../test/ui/sidebar.mjs";
import { openWorkbench, option, problemsOf, runCommand } from "../test/ui/workbench.mjs";
import { copyDemoProject } from "./editor-profile.mjs";
import { exitCodeOf, prepare } from "./prepare.mjs";
import { ROOT, VSIX } from "./ui-run.mjs";

const PICTURES = join(ROOT, "docs/pictures");
const SUBJECTS = { problems, references, safety, settings, models };
const LIST_OPENS_MS = 1_000;
const SMALL_MODEL = "smollm2:135m";
const WANTED = process.argv.slice(2);

process.exitCode = await exitCodeOf(takePictures);

async function takePictures() {
	const { python, host } = await prepare({ browser: true, host: true });
	execFileSync("npm", ["run", "package"], { cwd: ROOT, stdio: ["ignore", "ignore", "inherit"] });
	const scratch = realpathSync(mkdtempSync(join(tmpdir(), "jetbox-pictures-")));
	const folder = copyDemoProject(join(scratch, "demo-project"));
	const server = await startScriptedServer(asksForPermission(folder));
	const browser = await launchChromium();
	try {
		const workbench = await openWorkbench({
			...{ home: host, browser, scratch, folder, vsix: VSIX },
			settings: {
				"workbench.colorTheme": "Default Dark Modern",
				"jetbox.server": server.url,
				"jetbox.model": SCRIPTED_MODEL,
				"jetbox.protocol": "native",
				"jetbox.sandbox": "off",
				"jetbox.pythonPath": python,
			},
		});
		try {
			await workbench.page.getByRole("tab", { name: "Jetbox" }).click();
			await workbench.view.getByRole("textbox", { name: "Task" }).waitFor();
			for (const [name, subject] of Object.entries(SUBJECTS)) {
				if (WANTED.length > 0 && !WANTED.includes(name)) continue;
				await subject(workbench);
				await workbench.page.screenshot({ path: join(PICTURES, `${name}.png`) });
				console.log(`docs/pictures/${name}.png`);
				await workbench.page.keyboard.press("Escape");
			}
		} finally {
			await workbench.close();
		}
	} finally {
		await browser.close();
		server.stop();
		rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
	}
	return 0;
}

/** A failing test: its row, and its short traceback in the editor. */
async function problems({ page }) {
	await runCommand(page, "Jetbox: Run Probe Now");
	await runCommand(page, "Problems: Focus on Problems View");
	const row = await problemsOf(page, "Jetbox pytest");
	await row.dblclick();
	await page.locator(".monaco-editor .squiggly-error").first().waitFor();
	await runCommand(page, "Show or Focus Hover");
	await page.locator(".monaco-hover-content").filter({ hasText: "test_" }).first().waitFor();
}

async function references({ view }) {
	const box = view.getByRole("textbox", { name: "Task" });
	await box.fill("");
	await box.pressSequentially("Fix #");
	await view.locator("#completions").getByText("#selection").first().waitFor();
}

/** What an Ollama of this machine has, the small one among them. */
async function models(workbench) {
	const { page, view } = workbench;
	await settle(workbench, { "jetbox.server": "", "jetbox.model": SMALL_MODEL, "jetbox.protocol": "auto" });
	await view.getByRole("textbox", { name: "Task" }).fill("");
	await runCommand(page, "Jetbox: Select Model");
	await option(page, "fits").waitFor();
	// The list opens by degrees.
	await sleep(LIST_OPENS_MS);
}

async function settings({ page }) {
	await runCommand(page, "View: Close All Editors");
	// The groups are named where there is room for them.
	await runCommand(page, "View: Close Primary Side Bar");
	await showSettings(page);
	// The search offers words a while after they were typed, or not at all.
	await sleep(LIST_OPENS_MS);
	const offered = page.locator(".suggest-widget").filter({ visible: true });
	if (await offered.isVisible()) await page.keyboard.press("Escape");
	await offered.waitFor({ state: "hidden" });
	await page.locator(".settings-editor").getByText("Model calls a run may take").first().waitFor();
}

async function safety({ page, view }) {
	await view.getByRole("textbox", { name: "Task" }).fill("Tidy the project up");
	await view.getByRole("button", { name: "Run", exact: true }).click();
	await page.locator(".monaco-dialog-box").first().waitFor();
	await page.locator(".monaco-diff-editor .line-delete").first().waitFor();
}
