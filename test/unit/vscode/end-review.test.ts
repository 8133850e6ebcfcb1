/** The review at the end of a run: asked once, kept waiting until it is answered, never decided by anything but the answer. */
import { describe, expect, test, vi } from "vitest";
import { EndReview, type ReviewAnswer } from "../../../src/vscode/end-review.ts";

/** A review whose answers are given in turn; an answer may be a promise. */
function reviewed(...answers: readonly (ReviewAnswer | Promise<ReviewAnswer>)[]) {
	const seen: string[] = [];
	const waiting: boolean[] = [];
	const left = [...answers];
	const listeners: (() => void)[] = [];
	const state = { open: ["a.py", "b.py"] as readonly string[], canUndo: true };
	const changes = {
		get openFiles() {
			return state.open;
		},
		settle(paths: readonly string[]) {
			state.open = state.open.filter((path) => !paths.includes(path));
			for (const listener of listeners) listener();
		},
		onChange: (listener: () => void) => listeners.push(listener),
	};
	const review = new EndReview({
		changes,
		show: async () => {
			seen.push("show");
		},
		undo: async (runId) => {
			seen.push(`undo ${runId}`);
			return state.canUndo;
		},
		ask: async (files, isBlocking) => {
			seen.push(`ask ${files}${isBlocking ? " first" : ""}`);
			return (await left.shift()) ?? null;
		},
		onWaiting: (isWaiting) => waiting.push(isWaiting),
	});
	return { review, changes, seen, waiting, state };
}

test("the changes are shown, then asked about; Keep settles every file", async () => {
	const { review, seen, state, waiting } = reviewed("keep");
	review.expect("run-1");
	expect(review.isWaiting).toBe(true);
	await review.ask();
	expect(seen).toEqual(["show", "ask 2"]);
	expect(state.open).toEqual([]);
	expect(review.isWaiting).toBe(false);
	expect([waiting[0], waiting.at(-1)]).toEqual([true, false]);
});

test("Undo takes back the run that was asked about", async () => {
	const { review, seen } = reviewed("undo");
	review.expect("run-1");
	await review.ask();
	expect(seen).toEqual(["show", "ask 2", "undo run-1"]);
	expect(review.isWaiting).toBe(false);
});

test("closing the question decides nothing: the review waits and is asked again", async () => {
	const { review, seen, state } = reviewed(null, "keep");
	review.expect("run-1");
	await review.ask();
	expect(state.open).toEqual(["a.py", "b.py"]);
	expect(review.isWaiting).toBe(true);
	await review.ask();
	expect(seen).toEqual(["show", "ask 2", "show", "ask 2"]);
	expect(review.isWaiting).toBe(false);
});

test("an undo that found no run leaves the review waiting", async () => {
	const { review, state } = reviewed("undo");
	state.canUndo = false;
	review.expect("run-1");
	await review.ask();
	expect(review.isWaiting).toBe(true);
	expect(state.open).toEqual(["a.py", "b.py"]);
});

test("files kept and taken back one by one end the review by themselves", async () => {
	const { review, changes, seen, waiting } = reviewed();
	review.expect("run-1");
	changes.settle(["a.py"]);
	expect(review.isWaiting).toBe(true);
	changes.settle(["b.py"]);
	expect(review.isWaiting).toBe(false);
	expect(waiting.at(-1)).toBe(false);
	await review.ask();
	expect(seen).toEqual([]);
});

test("a run that changed nothing is not asked about", async () => {
	const { review, state, seen } = reviewed();
	state.open = [];
	review.expect("run-1");
	await review.ask();
	expect([review.isWaiting, seen]).toEqual([false, []]);
});

test("without a run there is nothing to review, whatever was changed", async () => {
	const { review, seen } = reviewed("undo");
	await review.ask();
	expect(await review.settleFirst()).toBe(true);
	expect(seen).toEqual([]);
});

test("an answer that comes after the review was settled elsewhere does nothing", async () => {
	let answer = (_late: ReviewAnswer): void => undefined;
	const late = new Promise<ReviewAnswer>((resolve) => {
		answer = resolve;
	});
	const { review, changes, seen, state } = reviewed(late);
	review.expect("run-1");
	const asking = review.ask();
	await vi.waitFor(() => expect(seen).toContain("ask 2"));
	changes.settle(["a.py", "b.py"]);
	state.open = ["c.py"];
	review.expect("run-2");
	answer("undo");
	await asking;
	expect(seen.some((word) => word.startsWith("undo"))).toBe(false);
	expect(review.isWaiting).toBe(true);
});

describe("before a new run", () => {
	test.each([
		["keep", true],
		["undo", true],
		[null, false],
	] as const)("the answer %s lets it begin: %s", async (answer, begins) => {
		const { review, seen } = reviewed(answer);
		review.expect("run-1");
		expect(await review.settleFirst()).toBe(begins);
		expect(seen[0]).toBe("ask 2 first");
		expect(review.isWaiting).toBe(!begins);
	});
});
