/** The review at the end of a run, in a real editor: edits go through, a closed question waits, Keep and Undo end it. */
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { ConfigurationTarget, commands, window, workspace } from "vscode";
import { COMMANDS, SECTION, SETTINGS } from "../../../src/vscode/ids.ts";
import { asOnDisk, jetbox, read, TASK, until } from "./editor.ts";

const FILES = ["shelf/books.py", "shelf/fines.py", "shelf/ledger.py", "shelf/loans.py"];
/** A review that does not wait is over at once. */
const SETTLED_MS = 500;

suite("Review at the end of a run", () => {
	const original = new Map<string, string>();
	const changedFiles = () => FILES.filter((file) => read(file) !== original.get(file));

	suiteSetup(async () => {
		for (const file of FILES) original.set(file, read(file));
		await set(SETTINGS.approve, "review");
		// Its notification would stand beside the question.
		await set(SETTINGS.notify, "never");
	});

	suiteTeardown(async () => {
		await set(SETTINGS.approve, "edits");
		await set(SETTINGS.notify, undefined);
		await commands.executeCommand(COMMANDS.undo);
		assert.deepEqual(changedFiles(), []);
		await asOnDisk(FILES);
	});

	async function set(key: string, value: string | undefined): Promise<void> {
		await workspace.getConfiguration(SECTION).update(key, value, ConfigurationTarget.Global);
		await (await jetbox()).idle();
	}

	async function runToGreen(): Promise<void> {
		const outcome = await commands.executeCommand<{ readonly kind: string } | undefined>(COMMANDS.runTask, TASK);
		assert.equal(outcome?.kind, "green");
		assert.ok(changedFiles().length > 0, "edits went through");
		await until("all changes are shown in one editor", () =>
			window.tabGroups.all.some(({ tabs }) => tabs.some(({ label }) => label.includes("changes of the run"))),
		);
	}

	/** Asks for the review; `over` tells whether it was answered, or there is none. */
	function review(): { over: boolean } {
		const state = { over: false };
		void commands.executeCommand(COMMANDS.reviewRun).then(() => {
			state.over = true;
		});
		return state;
	}

	async function isWaiting(): Promise<boolean> {
		const asked = review();
		await delay(SETTLED_MS);
		const waits = !asked.over;
		await until("the question is closed", () => {
			void commands.executeCommand("notifications.clearAll");
			return asked.over;
		});
		return waits;
	}

	test("closing the question leaves the changes and the review; Undo ends both", async () => {
		await runToGreen();
		const changed = changedFiles();
		assert.equal(await isWaiting(), true);
		assert.equal(await isWaiting(), true, "it was closed, and waits still");
		assert.deepEqual(changedFiles(), changed);
		await commands.executeCommand(COMMANDS.undo);
		assert.deepEqual(changedFiles(), []);
		assert.equal(await isWaiting(), false);
	});

	test("Keep leaves what the run made and ends the review", async () => {
		await runToGreen();
		const changed = changedFiles();
		const asked = review();
		await until("Keep All was chosen", () => {
			void commands.executeCommand("notification.acceptPrimaryAction");
			return asked.over;
		});
		assert.deepEqual(changedFiles(), changed);
		assert.equal(await isWaiting(), false);
	});
});
