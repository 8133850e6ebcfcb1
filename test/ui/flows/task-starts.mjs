/** Ways to a task from where a person is: model, template, reference, quick fix, the editor's menu. */
import { fromMenu, openFile } from "../files.mjs";
import { taskBox } from "../sidebar.mjs";
import { option, pick, runCommand, until } from "../workbench.mjs";

/** @param workbench of a project that is probed, the sidebar open */
export async function taskStarts({ page, view }, { check, shot }) {
	const box = taskBox(view);
	const boxHas = (words) => until(async () => (await box.inputValue()).includes(words), `the box has ${words}`);

	await check("Select Model says that no server answers, and offers the practice model", async () => {
		await runCommand(page, "Jetbox: Select Model");
		await option(page, "No model server").waitFor();
		await option(page, "practice").waitFor();
		await shot("select-model");
		await page.keyboard.press("Escape");
	});
	await check("a template puts a common task into the box", async () => {
		await runCommand(page, "Jetbox: Task from a Template...");
		await pick(page, "lint", "Fix the lint errors");
		await boxHas("Fix the lint errors");
	});
	await check("# in the box offers references, and the arrow keys choose a file", async () => {
		await box.fill("");
		await box.pressSequentially("Fix #");
		for (const reference of ["#file:", "#selection", "#problems", "#changes"])
			await view.getByRole("option", { name: reference }).waitFor();
		await shot("references");
		await box.pressSequentially("file:ledg");
		await view.getByRole("option", { name: "#file:shelf/ledger.py" }).waitFor();
		await box.press("Enter");
		await boxHas("Fix #file:shelf/ledger.py ");
	});
	await check("a problem's quick fix writes its task", async () => {
		await openFile(page, "books.py");
		await page.keyboard.press("F8");
		await page.keyboard.press("Escape");
		// The fixes are not asked for before.
		await page.locator(".monaco-editor .lightBulbWidget").first().waitFor();
		await page.keyboard.press("Control+.");
		const fix = page.locator(".action-widget .monaco-list-row").filter({ hasText: "Fix with Jetbox" }).first();
		await fix.waitFor();
		await shot("quick-fix");
		await fix.click();
		await boxHas("shelf/books.py:");
	});
	await check("the editor's menu writes a task for what is selected", async () => {
		await openFile(page, "ledger.py");
		await runCommand(page, "Select All");
		await fromMenu(
			page,
			page.locator(".monaco-editor .view-line").filter({ hasText: "class Ledger" }),
			"Fix with Jetbox",
		);
		await boxHas("Fix this: #selection");
	});
}
