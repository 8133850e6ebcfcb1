/** The main way through the extension as a person goes it: probe, task, review, setup, keyboard, undo. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { violationsIn } from "./axe.mjs";
import { FIX, RUN_TIMEOUT_MS } from "./sidebar.mjs";
import { option, problemsOf, runCommand, sidebarFrame } from "./workbench.mjs";

/** In the panel, where a mouse that rests has no tooltip. */
const EMPTY_PLACE = [650, 580];

/**
 * @param folder the workspace, red
 * @param original the same as it is to be after the undo
 */
export async function walkThrough({ page, view }, { check, shot }, { folder, original }) {
	await check("Run Probe Now fills Problems and the sidebar", async () => {
		await runCommand(page, "Jetbox: Run Probe Now");
		await runCommand(page, "Problems: Focus on Problems View");
		await problemsOf(page, "Jetbox pytest");
		await problemsOf(page, "Jetbox ruff");
		await shot("problems");
	});
	await check("the task box takes a task by keyboard and the run ends green", async () => {
		await runCommand(page, "Jetbox: Focus on Jetbox View");
		await view.getByRole("textbox").fill(FIX);
		await view.getByRole("textbox").press("Control+Enter");
		await view
			.getByText(/All green/)
			.first()
			.waitFor({ timeout: RUN_TIMEOUT_MS });
		await page.mouse.move(...EMPTY_PLACE);
		await shot("sidebar-green");
	});
	await check("Review Changes opens every file that the run changed, in one diff editor", async () => {
		await runCommand(page, "Jetbox: Review Changes of Last Run");
		await page.getByRole("tab", { name: /Jetbox: changes of the run/ }).waitFor();
		await page.locator(".line-insert, .line-delete").first().waitFor();
		await shot("review");
		await runCommand(page, "View: Close All Editors");
	});
	await check("Problems are empty at the end", async () => {
		await page
			.locator(".markers-panel")
			.getByText(/No problems have been detected/)
			.waitFor();
	});
	await check("the palette's Run Task asks for a task, and a green workspace ends at once", async () => {
		await runCommand(page, "Jetbox: Run Task");
		const box = page.locator(".quick-input-box input");
		await page.locator(".quick-input-title").filter({ hasText: "Jetbox: Run Task" }).waitFor();
		await box.fill(FIX);
		await box.press("Enter");
		await view
			.getByText(/green already/)
			.first()
			.waitFor({ timeout: RUN_TIMEOUT_MS });
	});
	await check("Check Setup lists every part with its state", async () => {
		await runCommand(page, "Jetbox: Check Setup");
		for (const part of ["model", "python", "ruff", "pytest", "sandbox"]) await option(page, part).waitFor();
		await shot("check-setup");
		await page.keyboard.press("Escape");
	});
	await check("the keyboard alone walks the sidebar's controls", async () => {
		const frame = await sidebarFrame(page);
		await runCommand(page, "Jetbox: Focus on Jetbox View");
		await frame.waitForFunction(() => document.hasFocus());
		const seen = new Set();
		for (let step = 0; step < 6; step += 1) {
			await page.keyboard.press("Tab");
			seen.add(await frame.evaluate(() => document.activeElement?.outerHTML.slice(0, 80) ?? ""));
		}
		assert.ok(seen.size >= 3, `only ${[...seen].join(" | ")} took the focus`);
	});
	// The other themes are checked on the page itself (test/unit/webview).
	await check("axe finds nothing in the sidebar", async () => {
		const frame = await sidebarFrame(page);
		assert.equal(await frame.evaluate(() => document.body.dataset.vscodeThemeKind), "vscode-dark");
		assert.deepEqual(await violationsIn(frame), []);
	});
	await check("Undo Last Run brings the failing tests back", async () => {
		await runCommand(page, "Jetbox: Undo Last Run");
		await page
			.getByText(/Undone: /)
			.first()
			.waitFor();
		await problemsOf(page, "Jetbox pytest");
		for (const part of ["shelf", "tests"])
			execFileSync("diff", ["-r", "-x", "__pycache__", join(original, part), join(folder, part)]);
	});
}
