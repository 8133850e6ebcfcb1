/** A run that was killed, in a real editor: offered on opening and from the palette, and each of the three ways (F56). */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { commands, extensions, workspace } from "vscode";
import type { RunEvent } from "../../../src/core/events.ts";
import { COMMANDS } from "../../../src/vscode/ids.ts";
import { cutOffRun } from "../cut-off-run.mjs";
import { at, jetbox, read, until } from "./editor.ts";

const FILES = ["shelf/books.py", "shelf/fines.py", "shelf/ledger.py", "shelf/loans.py"];
type RunStarted = Extract<RunEvent, { readonly type: "run-started" }>;
/** The offer needs a moment after the start, and a press that comes before it waits for the next. */
const FIRST_PRESS_MS = 2_000;
/** Between two presses of a button that may not be there yet; long, since the next to be there would be the run's own Cancel. */
const PRESS_AGAIN_MS = 15_000;
const PICK_AGAIN_MS = 200;

suite("A run that was cut off", () => {
	const started: RunStarted[] = [];
	let subscription: { dispose(): unknown } | null = null;

	suiteSetup(async () => {
		subscription = (await jetbox()).onEvent((event) => {
			if (event.type === "run-started") started.push(event);
		});
	});

	suiteTeardown(() => {
		subscription?.dispose();
	});

	setup(() => {
		started.length = 0;
	});

	teardown(async () => {
		await (await jetbox()).idle();
	});

	function extensionPath(): string {
		const path = extensions.getExtension("jetbox.jetbox")?.extensionPath;
		assert.ok(path, "the extension is installed");
		return path;
	}

	function originalOf(file: string): string {
		return readFileSync(join(extensionPath(), "media/demo-project", file), "utf8");
	}

	function assertOriginal(): void {
		for (const file of FILES) assert.equal(read(file), originalOf(file), file);
	}

	function changedFiles(): readonly string[] {
		return FILES.filter((file) => read(file) !== originalOf(file));
	}

	async function cutOff(): Promise<string> {
		const runId = await cutOffRun({
			extensionPath: extensionPath(),
			workspace: at(""),
			python: workspace.getConfiguration("jetbox").get("pythonPath", ""),
			stateHome: process.env["XDG_STATE_HOME"] ?? "",
		});
		assert.notDeepEqual(changedFiles(), [], "the run changed something before it was cut off");
		return runId;
	}

	/** Does it again and again, until a run begins. */
	async function untilStarted(act: () => Thenable<unknown>, everyMs: number): Promise<RunStarted> {
		for (let waited = 0; started.length === 0; waited += PICK_AGAIN_MS) {
			if (waited % everyMs === 0) await act();
			await delay(PICK_AGAIN_MS);
		}
		const [first] = started;
		assert.ok(first);
		return first;
	}

	async function assertGreen(runId: string, { runId: startedId, roundsBefore = 0 }: RunStarted): Promise<void> {
		const api = await jetbox();
		await until("the run ended", () => api.timeline().outcome !== null);
		await api.idle();
		assert.equal(startedId, runId);
		assert.ok(roundsBefore > 0, "the run goes on after the rounds that it had");
		assert.equal(api.timeline().outcome?.kind, "green");
	}

	test("F56: opening the workspace offers it; Resume goes on with it to green, and Undo takes both parts back", async () => {
		const runId = process.env["JETBOX_CUT_OFF_RUN"] ?? "";
		assert.notDeepEqual(changedFiles(), []);
		const press = () => commands.executeCommand("notification.acceptPrimaryAction");
		await delay(FIRST_PRESS_MS);
		await assertGreen(runId, await untilStarted(press, PRESS_AGAIN_MS));
		await commands.executeCommand(COMMANDS.undo);
		assertOriginal();
	});

	test("F56: the palette offers it again", async () => {
		const runId = await cutOff();
		const chosen = commands.executeCommand(COMMANDS.resume);
		const pick = () => commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
		await assertGreen(runId, await untilStarted(pick, PICK_AGAIN_MS));
		await chosen;
		await commands.executeCommand(COMMANDS.undo);
		assertOriginal();
	});

	test("F56: Undo puts back what it changed, and it is not offered again", async () => {
		await cutOff();
		await commands.executeCommand(COMMANDS.resume, "undo");
		assertOriginal();
		await commands.executeCommand(COMMANDS.resume, "resume");
		assert.deepEqual(started, []);
	});

	test("F56: Keep leaves what it did and is not offered again; Undo Last Run still takes it back", async () => {
		await cutOff();
		const kept = FILES.map(read);
		await commands.executeCommand(COMMANDS.resume, "keep");
		await commands.executeCommand(COMMANDS.resume, "resume");
		assert.deepEqual(started, []);
		assert.deepEqual(FILES.map(read), kept);
		await commands.executeCommand(COMMANDS.undo);
		assertOriginal();
	});
});
