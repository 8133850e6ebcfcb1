/** Files in the editor and in the explorer, their menus, and what differs on the disk. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand, until } from "./workbench.mjs";

const CLICK_MS = 2_000;
const LIST_MS = 5_000;

/** Opens a file by its name. */
export async function openFile(page, name) {
	const patience = { timeout: LIST_MS };
	// What takes the focus late swallows the keys, or closes the list.
	await until(async () => {
		try {
			await page.keyboard.press("Control+P");
			await page.locator(".quick-input-box input").fill(name, patience);
			// The list begins with what was open before.
			await page.locator(".quick-input-list .monaco-list-row.focused").filter({ hasText: name }).waitFor(patience);
			await page.keyboard.press("Enter");
			return true;
		} catch {
			await page.keyboard.press("Escape");
			return false;
		}
	}, `the list of files has ${name}`);
	await page.locator(".tab.active").filter({ hasText: name }).waitFor();
	await page.locator(".monaco-editor .view-line").first().waitFor();
}

/** Opens the file and shows the explorer at it. @returns its row there */
export async function explorerRow(page, name) {
	await openFile(page, name);
	await runCommand(page, "File: Reveal Active File in Explorer View");
	const row = rowOf(page, name);
	await row.waitFor();
	return row;
}

/** The explorer's row of a file. */
export function rowOf(page, name) {
	return page.locator(".explorer-folders-view .monaco-list-row").filter({ hasText: name }).first();
}

/** Opens the menu of a thing. @returns the menu */
export async function menuOf(page, thing) {
	await thing.click({ button: "right" });
	const menu = page.locator(".monaco-menu");
	await menu.first().waitFor();
	return menu;
}

/** Opens the menu of a thing until it has the line: some lines come when the editor has asked for them. @returns the line */
export async function menuWith(page, thing, words) {
	let line = page.locator("nothing yet");
	await until(async () => {
		await page.keyboard.press("Escape");
		const menu = await menuOf(page, thing);
		line = menu.getByText(words, { exact: true });
		return line.isVisible();
	}, `the menu has ${words}`);
	return line;
}

/** Takes a line of the menu of a thing. */
export async function fromMenu(page, thing, words) {
	const menu = await menuOf(page, thing);
	await takeLine(menu.getByText(words, { exact: true }));
}

/** Clicks a line until its menu is gone: one that has just opened swallows a click. */
export function takeLine(line) {
	return until(async () => {
		await line.click({ timeout: CLICK_MS }).catch(() => undefined);
		return !(await line.isVisible());
	}, "the menu is gone");
}

/** Paths that differ, or that only one side has; what tools leave behind does not count. */
export function differences(one, other) {
	const paths = new Set([...filesOf(one), ...filesOf(other)]);
	return [...paths].filter((path) => textOf(join(one, path)) !== textOf(join(other, path))).sort();
}

function filesOf(folder) {
	const leftBehind = ["-not", "-path", "*/__pycache__/*", "-not", "-path", "./.git/*"];
	const listed = execFileSync("find", [".", "-type", "f", ...leftBehind], { cwd: folder });
	return listed
		.toString()
		.split("\n")
		.filter((line) => line !== "")
		.map((line) => line.slice(2));
}

function textOf(path) {
	return existsSync(path) ? readFileSync(path, "latin1") : null;
}
