/** The sidebar under a person's hands. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { runCommand } from "./workbench.mjs";

export const FIX = "Make the failing tests pass and fix the lint errors";
export const RUN_TIMEOUT_MS = 600_000;
/** Longer than the editor takes to read a file of settings when nothing else is at work. */
const SETTLE_MS = 3_000;
const SETTLE_TRIES = 100;

/** Opens the sidebar by its icon. */
export async function openSidebar({ page, view }) {
	await page.getByRole("tab", { name: "Jetbox" }).click();
	await taskBox(view).waitFor();
}

export function taskBox(view) {
	return view.getByRole("textbox", { name: "Task" });
}

/** Types the task into the box and sends it, with nothing else running. */
export async function startTask({ page, view }, task) {
	await runCommand(page, "Jetbox: Focus on Jetbox View");
	await untilIdle({ view });
	await runCommand(page, "View: Close All Editors");
	await runCommand(page, "Jetbox: Focus on Jetbox View");
	await taskBox(view).fill(task);
	await taskBox(view).press("Control+Enter");
}

/** Waits until no task runs. */
export function untilIdle({ view }) {
	return view.getByRole("button", { name: "Run", exact: true }).waitFor({ timeout: RUN_TIMEOUT_MS });
}

/** Waits for words of the sidebar. */
export function says({ view }, words) {
	return view.getByText(words).first().waitFor({ timeout: RUN_TIMEOUT_MS });
}

/** Changes settings, `jetbox.model` among them. The editor reads them when it comes to it, and may miss a change; the sidebar shows when it has. */
export async function settle({ view, set }, settings) {
	const name = settings["jetbox.model"] === "practice" ? "practice model" : settings["jetbox.model"];
	const shown = view.getByRole("button", { name: `Model ${name}, change` });
	for (let tries = 0; tries < SETTLE_TRIES; tries += 1) {
		set(settings);
		await sleep(SETTLE_MS);
		if (await shown.isVisible()) return;
	}
	assert.fail(`the sidebar did not come to show ${name}`);
}
