/** Ways to a task from where a person is: model, template, reference, quick fix, the menus of files, problems, tests and changes. */
import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { explorerRow, fromMenu, menuOf, menuWith, openFile, takeLine } from "../files.mjs";
import { taskBox } from "../sidebar.mjs";
import { option, pick, problemsOf, runCommand, until } from "../workbench.mjs";

/** The fixes are asked for a while after the place was gone to. */
const OFFERED_MS = 3_000;
/** Of the test that the extension under test/ui/tests-in-view lists. */
const TEST = "test_a_late_book_costs_a_fine_for_each_day";

/** @param folder the workspace, probed, the sidebar open */
export async function taskStarts({ page, view }, { check, shot }, { folder }) {
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
	await check("a file with a blank in its path is found and referred to in quotes", async () => {
		mkdirSync(join(folder, "Week 1"));
		writeFileSync(join(folder, "Week 1/ex1.py"), "print('one')\n");
		await box.fill("");
		await box.pressSequentially("Fix #file:ex1");
		await view.getByRole("option", { name: '#file:"Week 1/ex1.py"' }).waitFor();
		await box.press("Enter");
		await boxHas('Fix #file:"Week 1/ex1.py" ');
		await openFile(page, "ex1.py");
		await runCommand(page, "Jetbox: Fix with Jetbox");
		await boxHas('Fix this file: #file:"Week 1/ex1.py"');
	});
	await check("a problem's quick fix writes its task", async () => {
		await openFile(page, "books.py");
		await page.keyboard.press("F8");
		await page.keyboard.press("Escape");
		const fix = page.locator(".action-widget .monaco-list-row").filter({ hasText: "Fix with Jetbox" }).first();
		await until(async () => {
			await runCommand(page, "Quick Fix...");
			const offered = await fix.waitFor({ timeout: OFFERED_MS }).then(
				() => true,
				() => false,
			);
			if (!offered) await page.keyboard.press("Escape");
			return offered;
		}, "the fix is offered");
		await shot("quick-fix");
		// The floor version lays a block over its list until the pointer moves.
		await fix.hover({ force: true });
		await fix.click();
		await boxHas("shelf/books.py:");
	});
	await check("the menu of a row of Problems writes the task of its file", async () => {
		await runCommand(page, "Problems: Focus on Problems View");
		const row = await problemsOf(page, "F841");
		// The editor asks for fixes of files that are open.
		await row.dblclick();
		await page.locator(".tab.active").filter({ hasText: "fines.py" }).waitFor();
		const line = await menuWith(page, row, "Fix All Jetbox Problems in File");
		await shot("problem-menu");
		await takeLine(line);
		await boxHas("shelf/fines.py:");
	});
	await check("the explorer's menu writes a task for its file", async () => {
		const menu = await menuOf(page, await explorerRow(page, "fines.py"));
		await shot("explorer-menu");
		await takeLine(menu.getByText("Fix with Jetbox", { exact: true }));
		await boxHas("#file:shelf/fines.py");
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
	await check("the Testing view's menu writes a task for its test", async () => {
		await runCommand(page, "Testing: Focus on Test Explorer View");
		const menu = await menuOf(page, page.locator(".test-explorer .monaco-list-row").filter({ hasText: TEST }).first());
		await shot("test-menu");
		await takeLine(menu.getByText("Fix Test with Jetbox", { exact: true }));
		await boxHas(`Make the test ${TEST} pass #file:tests/test_loans.py`);
	});
	await check("the menu of Source Control writes a task for what changed", async () => {
		commitAndChange(folder);
		await runCommand(page, "Source Control: Focus on Changes View");
		await page.locator(".scm-view .resource").filter({ hasText: "fines.py" }).waitFor();
		const head = page.locator(".pane-header").filter({ hasText: "Changes" }).first();
		await head.hover();
		// No button by its role in the floor version.
		await head.getByLabel("More Actions...", { exact: true }).last().click();
		const line = page.locator(".monaco-menu").getByText("Fix Changes with Jetbox", { exact: true });
		await line.waitFor();
		await shot("source-control-menu");
		await takeLine(line);
		await boxHas("Fix what I changed: #changes");
	});
}

/** Makes the project a repository, with one change since its first commit. */
export function commitAndChange(folder) {
	const git = (...args) =>
		execFileSync("git", ["-c", "user.name=Ada", "-c", "user.email=ada@example.invalid", ...args], { cwd: folder });
	git("init", "--quiet");
	git("add", ".");
	git("commit", "--quiet", "--message", "As it was");
	appendFileSync(join(folder, "shelf/fines.py"), "\n\nDAYS_A_WEEK = 7\n");
}
