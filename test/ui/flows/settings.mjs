/** The settings page reads in the order of the manifest; the tools for the editor's own chat are off there. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand, until } from "../workbench.mjs";

const MANIFEST = join(import.meta.dirname, "../../../package.json");
const WHEEL_PX = 150;

export async function settings({ page }, { check, shot }) {
	const editor = page.locator(".settings-editor");
	const labels = editor.locator(".setting-item-contents .setting-item-label");

	await check("the settings page reads in the order of its groups", async () => {
		const wanted = await showSettings(page);
		await shot("settings");
		assert.deepEqual(await readAll(wanted.at(-1)), wanted);
	});
	await check("the tools for the editor's own chat are off", async () => {
		await editor.locator(".suggest-input-container .monaco-editor").first().click();
		await page.keyboard.press("Control+A");
		await page.keyboard.type("jetbox.chatTools");
		const setting = editor.locator(".setting-item-contents").filter({ hasText: "Chat Tools" }).first();
		await setting.waitFor();
		await shot("chat-tools");
		const chosen = await setting
			.locator("select")
			.evaluate(({ options, selectedIndex }) => options[selectedIndex].text);
		assert.equal(chosen, "off");
	});

	/** The page draws what is in sight. */
	async function readAll(last) {
		const seen = [];
		await editor.locator(".settings-tree-container").hover();
		await until(async () => {
			for (const label of await labels.allTextContents()) if (!seen.includes(label)) seen.push(label);
			await page.mouse.wheel(0, WHEEL_PX);
			return seen.includes(last);
		}, `the page shows ${last}`);
		return seen;
	}
}

/** Opens the settings editor at all settings of Jetbox. @returns their titles, in order */
export async function showSettings(page) {
	const editor = page.locator(".settings-editor");
	await runCommand(page, "Preferences: Open Settings (UI)");
	await editor.locator(".suggest-input-container .monaco-editor").first().click();
	await page.keyboard.type("@ext:jetbox.jetbox");
	// A remote window has the settings of its machine on a page of their own, which lists all.
	await editor.getByText(/^Remote/).click();
	const titles = settingTitles();
	await page
		.locator(".settings-count-widget")
		.filter({ hasText: `${titles.length} Settings` })
		.waitFor();
	return titles;
}

/** As the editor makes them of the keys: the words of the last part. */
function settingTitles() {
	const { configuration } = JSON.parse(readFileSync(MANIFEST, "utf8")).contributes;
	const inOrder = (one, other) => one.order - other.order;
	return configuration
		.toSorted(inOrder)
		.flatMap(({ properties }) =>
			Object.entries(properties)
				.map(([key, { order }]) => ({ key, order }))
				.sort(inOrder),
		)
		.map(({ key }) => key.split(".").at(-1))
		.map((name) => name.replaceAll(/[A-Z]/g, " $&").replace(/^./, (letter) => letter.toUpperCase()));
}
