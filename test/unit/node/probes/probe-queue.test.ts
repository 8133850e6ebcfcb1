/** Which probe waits for which: one in the background makes way, or is waited for, or is left alone. */
import { expect, test } from "vitest";
import type { ProbeAnswer } from "../../../../src/core/probes/answer.ts";
import { createProbeQueue, type Standing } from "../../../../src/node/probes/probe-queue.ts";

const AFFECTED = { scope: "affected", fresh: false } as const;
const FULL = { scope: "full", fresh: false } as const;
const BESIDE = { ...FULL, background: true } as const;
const never = new AbortController().signal;
const ANSWER: ProbeAnswer = { kind: "unchanged", filesMs: 0, durationMs: 0 };

/** A judge that ends when it is told to, or at an abort; and what happened to it. */
function judged() {
	let end: () => void = () => undefined;
	let state: "waiting" | "running" | "ended" | "aborted" = "waiting";
	const told = new Promise<void>((resolve) => {
		end = resolve;
	});
	return {
		end,
		state: () => state,
		async judge(signal: AbortSignal): Promise<ProbeAnswer> {
			state = "running";
			signal.addEventListener("abort", end, { once: true });
			if (!signal.aborted) await told;
			state = signal.aborted ? "aborted" : "ended";
			signal.throwIfAborted();
			return ANSWER;
		},
	};
}

/** The queue with a probe that runs in the background, and another one that is asked then. */
async function behindWhich(standing: Standing) {
	const queue = createProbeQueue(async () => standing);
	const beside = judged();
	const answered = queue.ask(BESIDE, beside.judge, never).then(
		() => "answered",
		(error: Error) => error.name,
	);
	await expect.poll(beside.state).toBe("running");
	const next = judged();
	next.end();
	return { queue, beside, answered, next };
}

test("an answer that is known already is had beside it", async () => {
	const { queue, beside, answered, next } = await behindWhich("answered");
	await queue.ask(AFFECTED, next.judge, never);
	expect(beside.state()).toBe("running");
	beside.end();
	expect(await answered).toBe("answered");
});

test("where the content has moved on it is ended first", async () => {
	const { queue, beside, answered, next } = await behindWhich("moved");
	let before = "";
	const judge = (signal: AbortSignal) => {
		before = beside.state();
		return next.judge(signal);
	};
	await queue.ask(AFFECTED, judge, never);
	expect(before).toBe("aborted");
	expect(await answered).toBe("AbortError");
});

test("who wants the same waits for it, unless an abort ends the waiting", async () => {
	const { queue, beside, next } = await behindWhich("same");
	const impatient = new AbortController();
	const left = queue.ask(FULL, next.judge, impatient.signal);
	const waits = queue.ask(FULL, next.judge, never);
	impatient.abort();
	await expect(left).rejects.toThrow();
	expect([beside.state(), next.state()]).toEqual(["running", "waiting"]);
	beside.end();
	await waits;
	expect(next.state()).toBe("ended");
});

test("it waits for the probe before it, and a newer one takes its place", async () => {
	const queue = createProbeQueue(async () => "answered");
	const first = judged();
	const asked = queue.ask(AFFECTED, first.judge, never);
	const beside = judged();
	const out = queue.ask(BESIDE, beside.judge, never).catch((error: Error) => error.name);
	await expect.poll(first.state).toBe("running");
	expect(beside.state()).toBe("waiting");
	first.end();
	await asked;
	await expect.poll(beside.state).toBe("running");
	const newer = judged();
	newer.end();
	expect(await queue.ask(BESIDE, newer.judge, never)).toBe(ANSWER);
	expect(await out).toBe("AbortError");
});
