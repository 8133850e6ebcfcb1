/**
 * `node scripts/doc-pictures.mjs [NAME...]`: renews pictures of docs/pictures, each a page's subject in the packaged extension in a real
 * VS Code. Those of the README are `npm run test:ui -- --pictures`. Look at what it leaves.
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launchChromium } from "../test/host/code-web/host.mjs";
import { asksForPermission } from "../test/ui/approvals.mjs";
import { SCRIPTED_MODEL, startScriptedServer } from "../test/ui/scripted-server.mjs";
import { openWorkbench, problemLines, runCommand } from "../test/ui/workbench.mjs";
import { PrepareError, prepare } from "./prepare.mjs";

const ROOT = join(import.meta.dirname, "..");
const DEMO = join(ROOT, "media/demo-project");
const PICTURES = join(ROOT, "docs/pictures");
const SUBJECTS = { problems, safety, settings };
const WANTED = process.argv.slice(2);

process.exitCode = await takePictures().catch((error) => {
	if (!(error instanceof PrepareError)) throw error;
	console.error(error.message);
	return 2;
});

async function takePictures() {
	const { python, host } = await prepare({ browser: true, host: true });
	execFileSync("npm", ["run", "package"], { cwd: ROOT, stdio: ["ignore", "ignore", "inherit"] });
	const scratch = realpathSync(mkdtempSync(join(tmpdir(), "jetbox-pictures-")));
	const folder = join(scratch, "demo-project");
	const server = await startScriptedServer(asksForPermission(DEMO));
	const browser = await launchChromium();
	try {
		cpSync(DEMO, folder, {
			recursive: true,
			filter: (path) => !path.includes("__pycache__"),
		});
		const workbench = await openWorkbench({
			...{ home: host, browser, scratch, folder, vsix: join(ROOT, "jetbox.vsix") },
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
	const row = problemLines(page).filter({ hasText: "Jetbox pytest" }).first();
	await row.dblclick();
	await page.locator(".monaco-editor .squiggly-error").first().waitFor();
	await runCommand(page, "Show or Focus Hover");
	await page.locator(".monaco-hover-content").filter({ hasText: "test_" }).first().waitFor();
}

async function settings({ page }) {
	await runCommand(page, "View: Close All Editors");
	// The groups are named where there is room for them.
	await runCommand(page, "View: Close Primary Side Bar");
	await runCommand(page, "Preferences: Open Settings (UI)");
	await page.locator(".settings-editor .settings-group-title-label").first().waitFor();
	// The search has the focus.
	await page.keyboard.type("@ext:jetbox.jetbox");
	// In a remote window those of the machine stand on a page of their own, behind this one.
	await page.keyboard.press("Escape");
	await page.locator(".settings-editor").getByText("Model calls a run may take").first().waitFor();
}

async function safety({ page, view }) {
	await view.getByRole("textbox", { name: "Task" }).fill("Tidy the project up");
	await view.getByRole("button", { name: "Run", exact: true }).click();
	await page.locator(".monaco-dialog-box").first().waitFor();
	await page.locator(".monaco-diff-editor .line-delete").first().waitFor();
}
