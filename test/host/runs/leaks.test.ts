/** What 20 runs leave behind in the extension host. Takes minutes, so it is run on demand: `npm run test:host -- leaks`. */
import assert from "node:assert/strict";
import { commands } from "vscode";
import { COMMANDS } from "../../../src/vscode/ids.ts";
import { jetbox, read, TASK } from "../suite/editor.ts";
import { assertRepeatsLeaveNothing } from "../suite/left.ts";

const RUNS = 20;
const TIMEOUT_MS = 3_600_000;
const FILES = ["shelf/books.py", "shelf/fines.py", "shelf/ledger.py", "shelf/loans.py"];

test(`${RUNS} runs leave nothing`, async function () {
	this.timeout(TIMEOUT_MS);
	await assertRepeatsLeaveNothing(RUNS, runAndUndo);
});

async function runAndUndo(): Promise<void> {
	const api = await jetbox();
	const original = FILES.map(read);
	const outcome = await commands.executeCommand<{ readonly kind: string; readonly reason: string }>(
		COMMANDS.runTask,
		TASK,
	);
	assert.equal(outcome.kind, "green", outcome.reason);
	await commands.executeCommand(COMMANDS.undo);
	await api.idle();
	assert.deepEqual(FILES.map(read), original);
}
