/**
 * Approvals as a person clicks them in a real editor: deletions and protected files, asked with their diff behind the question; the
 * review at a run's end; the question before a new run while a review waits. No answer is kept in the workspace.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { differences } from "./files.mjs";
import { SCRIPTED_MODEL } from "./scripted-server.mjs";
import { FIX, RUN_TIMEOUT_MS, settle, startTask, untilIdle } from "./sidebar.mjs";
import { runCommand, until } from "./workbench.mjs";

const PROTECTED = "pyproject.toml";
const DOOMED = "README.md";
/** What stands behind the blanks is far out of the editor's window (threats A48). */
const HIDDEN = `# by the model${" ".repeat(10_000)}# the tail`;
/** More than a screen holds. */
const LONG = [...Array.from({ length: 120 }, (_, index) => `# line ${index}`), "# far below"].join("\n");

/** Tool calls of a model that wants what a person must allow. @param project the workspace's folder */
export function asksForPermission(project) {
	const [first] = readFileSync(join(project, PROTECTED), "utf8").split("\n", 1);
	return [
		{ name: "delete_file", arguments: { path: DOOMED } },
		{ name: "edit_file", arguments: { path: PROTECTED, old_text: first, new_text: `${HIDDEN}\n${LONG}\n${first}` } },
	];
}

/**
 * @param original the project as it was
 * @param folder the workspace, red and equal to it
 * @param server the scripted one
 */
export async function checkApprovals(workbench, { check, shot }, { folder, original, server }) {
	const { page, view } = workbench;
	const dialog = page.locator(".monaco-dialog-box");
	const question = (words) => dialog.filter({ hasText: words });
	/** The next question may stand there at once. */
	const press = async (name) => {
		const asked = await dialog.textContent();
		await dialog.getByRole("button", { name, exact: true }).click();
		await until(
			async () => !(await dialog.filter({ hasText: asked }).isVisible()),
			`${name} has answered the question`,
		);
	};
	/** The same question beside the diff. */
	const beside = (words) => page.locator(".quick-input-widget").filter({ hasText: words, visible: true });
	const answerBeside = (name) => beside("").getByRole("option", { name, exact: true }).click();
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
			await settle(workbench, {
				"jetbox.server": server.url,
				"jetbox.model": SCRIPTED_MODEL,
				"jetbox.protocol": "native",
			});
			await startTask(workbench, "Tidy the project up");
			await question(`Jetbox: delete ${DOOMED}?`).waitFor({ timeout: RUN_TIMEOUT_MS });
			await page.getByRole("tab", { name: `${DOOMED} (proposed)` }).waitFor();
			await page.locator(".monaco-diff-editor .line-delete").first().waitFor();
			await shot("question-delete");
			await press("Refuse");
		},
	);
	await check(
		"A48: a protected file is asked with its diff behind the question and hidden text in it, all of it to read at Look First; Apply changes it, and nothing else",
		async () => {
			await question(`Jetbox: change ${PROTECTED}?`).waitFor({ timeout: RUN_TIMEOUT_MS });
			await page.getByRole("tab", { name: `${PROTECTED} (proposed)` }).waitFor();
			await page.locator(".monaco-diff-editor .line-insert").filter({ visible: true }).first().waitFor();
			assert.match(await dialog.textContent(), /# by the model<10000 blanks># the tail/);
			await shot("question-protected");
			await press("Look First");
			await beside(`Jetbox: change ${PROTECTED}?`).waitFor();
			const below = page
				.locator(".monaco-diff-editor .view-line")
				.filter({ hasText: /^#\sfar\sbelow$/, visible: true });
			assert.equal(await below.count(), 0);
			await page.keyboard.press("Control+1");
			await until(async () => {
				await page.keyboard.press("PageDown");
				return (await below.count()) > 0;
			}, "the keyboard scrolls the diff to what is far below");
			assert.ok(await beside(`Jetbox: change ${PROTECTED}?`).isVisible());
			await shot("question-beside");
			await page.keyboard.press("Escape");
			await question(`Jetbox: change ${PROTECTED}?`).waitFor();
			await press("Look First");
			await answerBeside("Apply");
			await untilIdle(workbench);
			assert.deepEqual(differences(original, folder), [PROTECTED]);
			assert.ok(readFileSync(join(folder, PROTECTED), "utf8").startsWith(`${HIDDEN}\n`));
		},
	);
	await check("no answer is remembered: the next run asks again, and leaving a question is a no", async () => {
		writeFileSync(join(folder, PROTECTED), readFileSync(join(original, PROTECTED)));
		await startTask(workbench, "Tidy the project up");
		await question(`Jetbox: delete ${DOOMED}?`).waitFor({ timeout: RUN_TIMEOUT_MS });
		await press("Delete");
		await question(`Jetbox: change ${PROTECTED}?`).waitFor({ timeout: RUN_TIMEOUT_MS });
		await page.keyboard.press("Escape");
		await dialog.waitFor({ state: "hidden" });
		await untilIdle(workbench);
		assert.equal(existsSync(join(folder, DOOMED)), false);
		assert.deepEqual(differences(original, folder), [DOOMED]);
		await runCommand(page, "Jetbox: Undo Last Run");
		await untilAsOriginally();
		await runCommand(page, "View: Close All Editors");
	});
	await check("the question beside the diff goes with the run that is stopped", async () => {
		await startTask(workbench, "Tidy the project up");
		await question(`Jetbox: delete ${DOOMED}?`).waitFor({ timeout: RUN_TIMEOUT_MS });
		await press("Look First");
		await beside(`Jetbox: delete ${DOOMED}?`).waitFor();
		await view.getByRole("button", { name: "Stop", exact: true }).click();
		await untilIdle(workbench);
		await beside("").waitFor({ state: "hidden" });
		assert.equal(await dialog.count(), 0);
		assert.equal(isAsOriginally(), true);
		await runCommand(page, "View: Close All Editors");
	});
	await check("the review at a run's end: Undo All takes back all that the run changed", async () => {
		await settle(workbench, {
			"jetbox.server": "",
			"jetbox.model": "practice",
			"jetbox.protocol": "auto",
			"jetbox.approve": "review",
		});
		await startTask(workbench, FIX);
		await openReview();
		assert.equal(isAsOriginally(), false);
		await shot("end-review");
		await review.getByRole("button", { name: "Undo All" }).click();
		await untilAsOriginally();
	});
	await check("while a review waits a new run asks first; leaving the question begins none", async () => {
		await startTask(workbench, FIX);
		await openReview();
		await runCommand(page, "Notifications: Clear All Notifications");
		const before = differences(original, folder);
		await startTask(workbench, FIX);
		await question("wait for your review").waitFor();
		await shot("question-before-run");
		await page.keyboard.press("Escape");
		await dialog.waitFor({ state: "hidden" });
		assert.deepEqual(differences(original, folder), before);
		assert.equal(await review.count(), 0);
	});
	await check("Undo All in that question takes the run back, and the new run begins from there", async () => {
		await startTask(workbench, FIX);
		await question("wait for your review").waitFor();
		await press("Undo All");
		// A run on what the last one left would find nothing to do, and change nothing.
		await openReview();
		assert.equal(isAsOriginally(), false);
	});
	await check("Keep All ends the review: the next run begins unasked", async () => {
		await review.getByRole("button", { name: "Keep All" }).click();
		await review.waitFor({ state: "hidden" });
		await startTask(workbench, FIX);
		await view
			.getByText(/green already/)
			.first()
			.waitFor({ timeout: RUN_TIMEOUT_MS });
		assert.equal(await dialog.count(), 0);
	});
}
