/**
 * Approvals as a person clicks them in a real editor: deletions and protected files, asked with their diff behind the question; the
 * review at a run's end; the question before a new run while a review waits. No answer is kept in the workspace.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SCRIPTED_MODEL } from "./scripted-server.mjs";
import { runCommand, until } from "./workbench.mjs";

const PROTECTED = "pyproject.toml";
const DOOMED = "README.md";
/** What stands behind the blanks is far out of the editor's window (threats A48). */
const HIDDEN = `# by the model${" ".repeat(10_000)}# the tail`;
const FIX = "Make the failing tests pass and fix the lint errors";
const RUN_TIMEOUT_MS = 600_000;
/** Longer than the editor takes to read a file of settings when nothing else is at work. */
const SETTLE_MS = 3_000;
const SETTLE_TRIES = 100;

/** Tool calls of a model that wants what a person must allow. @param project the workspace's folder */
export function asksForPermission(project) {
	const [first] = readFileSync(join(project, PROTECTED), "utf8").split("\n", 1);
	return [
		{ name: "delete_file", arguments: { path: DOOMED } },
		{ name: "edit_file", arguments: { path: PROTECTED, old_text: first, new_text: `${HIDDEN}\n${first}` } },
	];
}

/**
 * @param original the project as it was
 * @param folder the workspace, red and equal to it
 * @param server the scripted one
 */
export async function checkApprovals({ page, view, set }, { check, shot }, { folder, original, server }) {
	const dialog = page.locator(".monaco-dialog-box");
	const question = (words) => dialog.filter({ hasText: words });
	const press = async (name) => {
		await dialog.getByRole("button", { name, exact: true }).click();
		await dialog.waitFor({ state: "hidden" });
	};
	/** The editor reads changed settings when it comes to it, and may miss a change; the sidebar shows when it has. */
	const settle = async (settings) => {
		const name = settings["jetbox.model"] === "practice" ? "practice model" : settings["jetbox.model"];
		const shown = view.getByRole("button", { name: `Model ${name}, change` });
		for (let tries = 0; tries < SETTLE_TRIES; tries += 1) {
			set(settings);
			await sleep(SETTLE_MS);
			if (await shown.isVisible()) return;
		}
		assert.fail(`the sidebar did not come to show ${name}`);
	};
	const startTask = async (task) => {
		await view.getByRole("button", { name: "Run", exact: true }).waitFor({ timeout: RUN_TIMEOUT_MS });
		await runCommand(page, "View: Close All Editors");
		await runCommand(page, "Jetbox: Focus on Jetbox View");
		await view.getByRole("textbox").fill(task);
		await view.getByRole("textbox").press("Control+Enter");
	};
	const ended = () => view.getByRole("button", { name: "Run", exact: true }).waitFor({ timeout: RUN_TIMEOUT_MS });
	const review = page
		.locator(".notifications-center .notification-list-item")
		.filter({ hasText: /Jetbox: files that the run changed/ });
	/** In the list of notifications: under test the editor shows none by itself. */
	const openReview = async () => {
		await page.getByRole("tab", { name: /Jetbox: changes of the run/ }).waitFor({ timeout: RUN_TIMEOUT_MS });
		// It takes the focus when it is there, in the middle of what is typed elsewhere.
		await page.locator(".monaco-diff-editor .line-delete").first().waitFor();
		await runCommand(page, "Notifications: Show Notifications");
		await review.waitFor();
	};
	const isAsOriginally = () => differences(original, folder).length === 0;
	const untilAsOriginally = () => until(isAsOriginally, "the project is as it was");

	await check(
		"a deletion is asked with the file's text crossed out behind the question; Refuse keeps the file",
		async () => {
			await settle({ "jetbox.server": server.url, "jetbox.model": SCRIPTED_MODEL, "jetbox.protocol": "native" });
			await startTask("Tidy the project up");
			await question(`Jetbox: delete ${DOOMED}?`).waitFor({ timeout: RUN_TIMEOUT_MS });
			await page.getByRole("tab", { name: `${DOOMED} (proposed)` }).waitFor();
			await page.locator(".monaco-diff-editor .line-delete").first().waitFor();
			await shot("question-delete");
			await press("Refuse");
		},
	);
	await check(
		"A48: a protected file is asked with its diff behind the question and hidden text in it; Apply changes it, and nothing else",
		async () => {
			await question(`Jetbox: change ${PROTECTED}?`).waitFor({ timeout: RUN_TIMEOUT_MS });
			await page.getByRole("tab", { name: `${PROTECTED} (proposed)` }).waitFor();
			await page.locator(".monaco-diff-editor .line-insert").filter({ visible: true }).first().waitFor();
			assert.match(await dialog.textContent(), /# by the model<10000 blanks># the tail/);
			await shot("question-protected");
			await press("Apply");
			await ended();
			assert.deepEqual(differences(original, folder), [PROTECTED]);
			assert.ok(readFileSync(join(folder, PROTECTED), "utf8").startsWith(`${HIDDEN}\n`));
		},
	);
	await check("no answer is remembered: the next run asks again, and leaving a question is a no", async () => {
		writeFileSync(join(folder, PROTECTED), readFileSync(join(original, PROTECTED)));
		await startTask("Tidy the project up");
		await question(`Jetbox: delete ${DOOMED}?`).waitFor({ timeout: RUN_TIMEOUT_MS });
		await press("Delete");
		await question(`Jetbox: change ${PROTECTED}?`).waitFor({ timeout: RUN_TIMEOUT_MS });
		await page.keyboard.press("Escape");
		await dialog.waitFor({ state: "hidden" });
		await ended();
		assert.equal(existsSync(join(folder, DOOMED)), false);
		assert.deepEqual(differences(original, folder), [DOOMED]);
		await runCommand(page, "Jetbox: Undo Last Run");
		await untilAsOriginally();
		await runCommand(page, "View: Close All Editors");
	});
	await check("the review at a run's end: Undo All takes back all that the run changed", async () => {
		await settle({
			"jetbox.server": "",
			"jetbox.model": "practice",
			"jetbox.protocol": "auto",
			"jetbox.approve": "review",
		});
		await startTask(FIX);
		await openReview();
		assert.equal(isAsOriginally(), false);
		await shot("end-review");
		await review.getByRole("button", { name: "Undo All" }).click();
		await untilAsOriginally();
	});
	await check("while a review waits a new run asks first; leaving the question begins none", async () => {
		await startTask(FIX);
		await openReview();
		await runCommand(page, "Notifications: Clear All Notifications");
		const before = differences(original, folder);
		await startTask(FIX);
		await question("wait for your review").waitFor();
		await shot("question-before-run");
		await page.keyboard.press("Escape");
		await dialog.waitFor({ state: "hidden" });
		assert.deepEqual(differences(original, folder), before);
		assert.equal(await review.count(), 0);
	});
	await check("Undo All in that question takes the run back, and the new run begins from there", async () => {
		await startTask(FIX);
		await question("wait for your review").waitFor();
		await press("Undo All");
		// A run on what the last one left would find nothing to do, and change nothing.
		await openReview();
		assert.equal(isAsOriginally(), false);
	});
	await check("Keep All ends the review: the next run begins unasked", async () => {
		await review.getByRole("button", { name: "Keep All" }).click();
		await review.waitFor({ state: "hidden" });
		await startTask(FIX);
		await view
			.getByText(/green already/)
			.first()
			.waitFor({ timeout: RUN_TIMEOUT_MS });
		assert.equal(await dialog.count(), 0);
	});
}

/** Paths that differ, or that only one side has; what tools leave behind does not count. */
function differences(one, other) {
	const paths = new Set([...filesOf(one), ...filesOf(other)]);
	return [...paths].filter((path) => textOf(join(one, path)) !== textOf(join(other, path))).sort();
}

function filesOf(folder) {
	const listed = execFileSync("find", [".", "-type", "f", "-not", "-path", "*/__pycache__/*"], { cwd: folder });
	return listed
		.toString()
		.split("\n")
		.filter((line) => line !== "")
		.map((line) => line.slice(2));
}

function textOf(path) {
	return existsSync(path) ? readFileSync(path, "latin1") : null;
}
