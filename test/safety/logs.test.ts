/** What grows with a run: of any number of events the record keeps what fits its cap, in whole lines, and how the run ended (F58, P17). */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { RunEntry } from "../../src/core/record/entries.ts";
import { foldRecord } from "../../src/core/record/kept-run.ts";
import { openRecord } from "../../src/node/workspace/run-record.ts";
import { temporaryWorkspace } from "../fixtures/workspace.ts";

const CAP_BYTES = 128 * 1024;
const EVENTS = 100_000;
const START: RunEntry = {
	...{ kind: "run", version: 1, runId: "r", task: "x", mode: "edit", root: "/work", model: "none" },
};
const END: RunEntry = { kind: "end", end: "stopped" };

test("F58: 100,000 events leave a record within its cap, whole, and with its end", async () => {
	const allRuns = join(temporaryWorkspace(), "store/runs");
	const record = openRecord(allRuns, "r", CAP_BYTES);
	await record.keep(START);
	for (let number = 0; number < EVENTS; number += 1)
		await record.keep({ kind: "call", round: number, callId: `call-${number}` });
	await record.keep(END);
	const path = join(allRuns, "r/record.jsonl");
	const endBytes = Buffer.byteLength(`${JSON.stringify(END)}\n`);
	expect(statSync(path).size).toBeLessThanOrEqual(CAP_BYTES + endBytes);
	expect(statSync(path).size).toBeGreaterThan(CAP_BYTES / 2);
	const { run, damagedLines } = foldRecord(readFileSync(path, "utf8"));
	expect({ end: run?.end, damagedLines }).toEqual({ end: "stopped", damagedLines: 0 });
});
