/** What a run changed, looked at, kept and taken back where it stands: explorer, editor, timeline. */
import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { differences, explorerRow, fromMenu, menuOf, openFile, rowOf, takeLine } from "../files.mjs";
import { FIX, says, startTask, untilIdle } from "../sidebar.mjs";
import { runCommand, until } from "../workbench.mjs";

const CHANGED = ["books.py", "fines.py", "ledger.py", "loans.py"];

/** @param folder the workspace, red, the sidebar open; @param original the same as it was; @param scratch for copies */
export async function review(workbench, { check, shot }, { folder, original, scratch }) {
	const { page, view } = workbench;
	const changed = () => differences(original, folder).map((path) => path.replace("shelf/", ""));
	const isMarked = async (name) =>
		/Changed by the last Jetbox run/.test(
			await rowOf(page, name).locator(".monaco-icon-label").first().getAttribute("aria-label"),
		);
	const untilMarked = (names) =>
		until(
			async () => {
				const marks = await Promise.all(CHANGED.map(isMarked));
				return CHANGED.every((name, index) => marks[index] === names.includes(name));
			},
			`a mark on ${names.join(", ")}, on no other`,
		);
	const untilChanged = (names) =>
		until(() => changed().join() === names.join(), `${names.join(", ")} changed, no other`);
	const aboveLine = async (name, words) => {
		await openFile(page, name);
		await page.locator(".codelens-decoration a").filter({ hasText: words, visible: true }).first().click();
	};

	await check("Undo This Round in the timeline takes back that round alone", async () => {
		await startTask(workbench, FIX);
		await says(workbench, /All green/);
		await untilIdle(workbench);
		const undo = view.getByRole("button", { name: /^Undo This Round/ });
		await openRoundsUntil(view, undo);
		await undo.scrollIntoViewIfNeeded();
		await shot("round-details");
		const left = join(scratch, "left-by-the-run");
		cpSync(folder, left, { recursive: true });
		await undo.click();
		await until(() => differences(left, folder).length > 0, "the round's file is as the round found it");
		assert.equal(differences(left, folder).length, 1);
		await shot("round-undone");
	});
	await check("Undo Run in the sidebar takes back the rest", async () => {
		await view.getByRole("button", { name: "Undo Run", exact: true }).click();
		await untilChanged([]);
		await says(workbench, /^Undone: /);
	});
	await check("files that the run changed carry a mark in the explorer", async () => {
		await startTask(workbench, FIX);
		await untilChanged(CHANGED);
		await untilIdle(workbench);
		await explorerRow(page, "books.py");
		await untilMarked(CHANGED);
		await shot("explorer-marks");
	});
	await check("the explorer's menu shows what the run changed in a file", async () => {
		const menu = await menuOf(page, rowOf(page, "ledger.py"));
		await shot("explorer-menu-changed");
		await takeLine(menu.getByText("Show Changes of Last Run", { exact: true }));
		await page.locator(".tab.active").filter({ hasText: "shelf/ledger.py (run)" }).waitFor();
		await page.locator(".monaco-diff-editor .line-insert").filter({ visible: true }).first().waitFor();
		await shot("file-changes");
	});
	await check("the explorer's menu takes one file back, and keeps another", async () => {
		await fromMenu(page, rowOf(page, "ledger.py"), "Undo Changes of Last Run");
		await untilChanged(["books.py", "fines.py", "loans.py"]);
		await fromMenu(page, rowOf(page, "loans.py"), "Keep Changes of Last Run");
		await untilMarked(["books.py", "fines.py"]);
		assert.deepEqual(changed(), ["books.py", "fines.py", "loans.py"]);
		await shot("explorer-kept");
	});
	await check("above a change stand its Undo and its Keep", async () => {
		await aboveLine("books.py", "Undo This Change");
		await untilChanged(["fines.py", "loans.py"]);
		await shot("change-undone");
		await aboveLine("fines.py", "Keep This Change");
		await untilMarked([]);
		assert.deepEqual(changed(), ["fines.py", "loans.py"]);
	});
	await check("Undo Last Run takes back the rest, what was kept too", async () => {
		await runCommand(page, "Jetbox: Undo Last Run");
		await untilChanged([]);
	});
}

/** The newest first. */
async function openRoundsUntil(view, wanted) {
	const rounds = view.locator("details.round");
	for (let index = 0; index < (await rounds.count()) && !(await wanted.isVisible()); index += 1) {
		await rounds.nth(index).locator("summary").first().click();
		await rounds.nth(index).locator(".facts").waitFor();
	}
}
