/** Folders that come to the workspace and leave it: what is at work, and what is known, in the others goes on. */
import assert from "node:assert/strict";
import { mkdirSync, rmSync } from "node:fs";
import { ConfigurationTarget, commands, Uri, workspace } from "vscode";
import { COMMANDS } from "../../../src/vscode/ids.ts";
import { jetbox, TASK, until } from "../suite/editor.ts";
import { eventsOf, folder, probe, problemsIn } from "./two-folders.ts";

/** The practice model may be quicker than the editor, which takes its time over folders. */
const MAX_TRIES = 5;

suite("Folders that come and leave", () => {
	setup(async () => {
		await withProblems("first");
		await chooseSecond();
	});

	async function chooseSecond(): Promise<void> {
		await withProblems("second");
		await commands.executeCommand(COMMANDS.taskFromFile, Uri.joinPath(folder("second"), "shelf/books.py"));
	}

	async function withProblems(name: string): Promise<void> {
		await probe(name);
		await until(`${name} has problems`, () => problemsIn(folder(name)).length > 0);
	}

	async function probesOnSave(isOn: boolean): Promise<void> {
		const settings = workspace.getConfiguration("jetbox");
		await settings.update("probeOnSave", isOn ? undefined : false, ConfigurationTarget.Global);
	}

	teardown(async () => {
		await probesOnSave(true);
		await commands.executeCommand(COMMANDS.undo);
		await commands.executeCommand("notifications.clearAll");
		await (await jetbox()).idle();
	});

	/** Puts folders in the place of others; the editor shows them before it has done so, and takes no other change until then. */
	async function change(start: number, leaving: number, ...coming: readonly { readonly uri: Uri }[]): Promise<void> {
		let isDone = false;
		const subscription = workspace.onDidChangeWorkspaceFolders(() => {
			isDone = true;
		});
		assert.ok(workspace.updateWorkspaceFolders(start, leaving, ...coming));
		await until("the folders changed", () => isDone);
		subscription.dispose();
	}

	/** How the run in the second folder ends, during which something is done. */
	async function runDuring(work: () => Promise<void>): Promise<string> {
		let running: Thenable<unknown> = Promise.resolve();
		const ended = await eventsOf("run-finished", async () => {
			const started = await eventsOf("run-started", async () => {
				const api = await jetbox();
				const before = api.timeline().runId;
				running = commands.executeCommand(COMMANDS.runTask, TASK);
				await until("the run has begun", () => api.timeline().runId !== before);
			});
			assert.equal(started.length, 1);
			await work();
			await running;
		});
		return ended.map(({ outcome }) => outcome.kind).join();
	}

	test("one that comes, or leaves again, stops no run elsewhere and takes no problem away", async () => {
		const third = Uri.joinPath(folder("first"), "../third");
		mkdirSync(third.fsPath);
		try {
			const outcome = await runDuring(async () => {
				await change(2, 0, { uri: third });
				assert.ok(problemsIn(folder("first")).includes("Jetbox pytest"));
				await change(2, 1);
			});
			assert.notEqual(outcome, "cancelled");
			assert.ok(problemsIn(folder("first")).includes("Jetbox pytest"));
		} finally {
			rmSync(third.fsPath, { recursive: true });
		}
	});

	test("one that leaves takes its run and its problems with it, and comes back as one that was never probed", async () => {
		const second = folder("second");
		// The editor may tell of what the run wrote once the folder is back, and that would be probed.
		await probesOnSave(false);
		let outcome = await runDuring(() => change(1, 1));
		for (let tries = 1; outcome !== "cancelled" && tries < MAX_TRIES; tries += 1) {
			// It was over before the folder had left.
			await change(1, 0, { uri: second });
			await commands.executeCommand(COMMANDS.undo);
			await chooseSecond();
			outcome = await runDuring(() => change(1, 1));
		}
		assert.equal(outcome, "cancelled");
		await until("nothing of it stands in Problems", () => problemsIn(second).length === 0);
		assert.ok(problemsIn(folder("first")).includes("Jetbox pytest"));
		await change(1, 0, { uri: second });
		assert.deepEqual(problemsIn(second), []);
		await probesOnSave(true);
		assert.deepEqual(Object.keys(await probe("second")).sort(), ["pytest", "ruff"]);
	});
});
