/** What is left in the extension host, to be held against what was there before: listeners, handles, heap. */
import assert from "node:assert/strict";
import v8 from "node:v8";
import { EventEmitter } from "vscode";

/** One each time would be 20 or 50; the editor's own extensions listen too. */
export const FEW = 8;
const FIRST = 3;
/** Compiled code, and what the editor's own extensions keep, come and go. */
const HEAP_SHARE = 1.25;

interface Left {
	readonly listeners: number;
	readonly handles: number;
	readonly heapBytes: number;
}

/** Of the whole extension host, its garbage collected: `queryObjects` does that first. */
export function left(): Left {
	return {
		listeners: v8.queryObjects(listenerClass(), { format: "count" }),
		handles: process.getActiveResourcesInfo().length,
		heapBytes: process.memoryUsage().heapUsed,
	};
}

/** Does something a few times, since what is made once and kept is no leak, and then so often: nothing more may be left. */
export async function assertRepeatsLeaveNothing(times: number, once: () => Promise<void>): Promise<void> {
	for (let number = 0; number < FIRST; number += 1) await once();
	const before = left();
	for (let number = 0; number < times; number += 1) await once();
	assertNothingLeft(before, left());
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
