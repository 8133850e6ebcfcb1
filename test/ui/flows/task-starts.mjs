/** Ways to a task from where a person is: model, template, reference, quick fix, the explorer's menu with the sidebar hidden. */
import { option, pick, runCommand, until } from "../workbench.mjs";

export async function taskStarts({ page, view }, { check, shot }) {
	const box = view.getByRole("textbox", { name: "Task" });
	const boxHas = (words) => until(async () => (await box.inputValue()).includes(words), `the box has ${words}`);

	await check("Select Model says that no server answers, and offers the practice model", async () => {
		await runCommand(page, "Jetbox: Select Model");
		await option(page, "No model server").waitFor();
		await option(page, "practice").waitFor();
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
		await page.keyboard.press("Control+.");
		const fix = page.locator(".action-widget .monaco-list-row").filter({ hasText: "Fix with Jetbox" }).first();
		await fix.waitFor();
		await shot("quick-fix");
		await fix.click();
		await boxHas("shelf/books.py:");
	});
	await check("the explorer's menu writes a task for its file", async () => {
		await explorerMenu(page, "fines.py", "Fix with Jetbox");
		await boxHas("#file:shelf/fines.py");
	});
}

async function openFile(page, name) {
	await page.keyboard.press("Control+P");
	await page.locator(".quick-input-box input").fill(name);
	await option(page, name).waitFor();
	await page.keyboard.press("Enter");
	await page.locator(".monaco-editor .view-line").first().waitFor();
}

/** Opens the explorer at the file and takes a line of its menu. */
async function explorerMenu(page, name, line) {
	await openFile(page, name);
	await runCommand(page, "File: Reveal Active File in Explorer View");
	await row(page, name).click({ button: "right" });
	await page.locator(".monaco-menu").getByText(line, { exact: true }).click();
}

function row(page, name) {
	return page.locator(".explorer-folders-view .monaco-list-row").filter({ hasText: name }).first();
}
