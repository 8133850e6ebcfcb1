/** What 50 openings of the sidebar and 20 runs leave behind in the extension host: listeners, handles, heap. */
import assert from "node:assert/strict";
import v8 from "node:v8";
import { commands, EventEmitter } from "vscode";
import { COMMANDS, VIEWS } from "../../../src/vscode/ids.ts";
import { jetbox, read, TASK, until } from "./editor.ts";

const OPENINGS = 50;
const RUNS = 20;
/** Before the first count: what is made once and kept is no leak. */
const FIRST = 3;
const TIMEOUT_MS = 900_000;
/** One each time would be 20 or 50; the editor's own extensions listen too. */
const FEW = 8;
/** Compiled code, and what the editor's own extensions keep, come and go. */
const HEAP_SHARE = 1.25;
const FILES = ["shelf/books.py", "shelf/fines.py", "shelf/ledger.py", "shelf/loans.py"];

interface Left {
	readonly listeners: number;
	readonly handles: number;
	readonly heapBytes: number;
}

suite("what openings and runs leave behind", () => {
	teardown(async () => {
		await (await jetbox()).idle();
	});

	test("a listener more is counted, and gone once it is disposed", () => {
		const before = left().listeners;
		const emitter = new EventEmitter<void>();
		const subscriptions = Array.from({ length: OPENINGS }, () => emitter.event(() => undefined));
		assert.ok(left().listeners >= before + OPENINGS);
		for (const subscription of subscriptions) subscription.dispose();
		emitter.dispose();
		assert.ok(left().listeners <= before + FEW);
	});

	test(`${OPENINGS} openings of the sidebar leave nothing`, async function () {
		this.timeout(TIMEOUT_MS);
		for (let opening = 0; opening < FIRST; opening += 1) await openAndClose();
		const before = left();
		for (let opening = 0; opening < OPENINGS; opening += 1) await openAndClose();
		assertNothingLeft(before, left());
	});

	test(`${RUNS} runs leave nothing`, async function () {
		this.timeout(TIMEOUT_MS);
		for (let number = 0; number < FIRST; number += 1) await runAndUndo();
		const before = left();
		for (let number = 0; number < RUNS; number += 1) await runAndUndo();
		assertNothingLeft(before, left());
	});
});

async function openAndClose(): Promise<void> {
	const api = await jetbox();
	await commands.executeCommand(`${VIEWS.sidebar}.focus`);
	await until("the sidebar's page is there", () => api.isSidebarReady());
	await commands.executeCommand("workbench.action.closeSidebar");
	await until("the sidebar is closed", () => !api.isSidebarReady());
}

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

/** Of the whole extension host, its garbage collected: `queryObjects` does that first. */
function left(): Left {
	return {
		listeners: v8.queryObjects(listenerClass(), { format: "count" }),
		handles: process.getActiveResourcesInfo().length,
		heapBytes: process.memoryUsage().heapUsed,
	};
}

function assertNothingLeft(before: Left, after: Left): void {
	const told = `before ${JSON.stringify(before)}, after ${JSON.stringify(after)}`;
	console.log(`      ${told}`);
	assert.ok(after.listeners <= before.listeners + FEW, `listeners: ${told}`);
	assert.ok(after.handles <= before.handles + FEW, `handles: ${told}`);
	assert.ok(after.heapBytes <= before.heapBytes * HEAP_SHARE, `heap: ${told}`);
}

/** The editor's own class that holds one listener of one event; it has no public name, so it is taken from an emitter that has one. */
function listenerClass(): new () => object {
	const emitter = new EventEmitter<void>();
	const listener = () => undefined;
	emitter.event(listener);
	const holder = Object.values(emitter).find(
		(value: unknown) => typeof value === "object" && value !== null && Object.values(value).includes(listener),
	);
	assert.ok(holder, "an emitter holds its listener");
	emitter.dispose();
	return holder.constructor;
}
