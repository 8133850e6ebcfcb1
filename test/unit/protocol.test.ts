import fc from "fast-check";
import { expect, test } from "vitest";
import { parseBenchmarkMessage, parseWebviewMessage, type WebviewMessage } from "../../src/protocol.ts";

const MESSAGES: readonly WebviewMessage[] = [
	{ type: "ready" },
	{ type: "stop" },
	{ type: "run", task: "fix it" },
	{ type: "run", task: "fix it", mode: "plan" },
	{ type: "open", file: "src/a.py", line: 1, column: 3 },
	{ type: "changes", runId: "r-1", round: 2, file: "a.py" },
	{ type: "changes", runId: "r-1", round: null, file: null },
	{ type: "undo-round", round: 1 },
	{ type: "history", action: "export", runId: "r-1" },
	{ type: "complete", text: "#te" },
	{ type: "action", action: "undo" },
];

test("A72: each message of the webview is read as it is, whatever else it carries", () => {
	for (const message of MESSAGES)
		expect(parseWebviewMessage({ ...message, cwd: "/", args: ["x"] }), JSON.stringify(message)).toEqual(message);
});

/** Parts of messages with values that no page of ours sends. */
const ODD = fc.oneof(
	fc.constantFrom<unknown>(null, undefined, -1, 0, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "", [], {}, true, "2"),
	fc.string({ maxLength: 10 }),
	fc.constant("x".repeat(30_000)),
	fc.anything({ maxDepth: 1 }),
);

test("A72: a message with a field of another kind, or none at all, is dropped or is one of ours", () => {
	const changed = fc
		.tuple(
			fc.constantFrom(...MESSAGES),
			fc.constantFrom("type", "task", "mode", "file", "line", "column", "round"),
			ODD,
		)
		.map(([message, field, value]): unknown => ({ ...message, [field]: value }));
	const forged = fc
		.tuple(fc.constantFrom(...MESSAGES), fc.constantFrom("action", "runId", "text", "__proto__", "constructor"), ODD)
		.map(([message, field, value]): unknown => ({ ...message, [field]: value }));
	fc.assert(
		fc.property(fc.oneof(changed, forged, fc.anything()), (value) => {
			const message = parseWebviewMessage(value);
			if (message === null) return;
			expect(parseWebviewMessage(message)).toEqual(message);
			expect(JSON.parse(JSON.stringify(message))).toEqual(message);
			expect(JSON.stringify(message).length).toBeLessThan(150_000);
			const known = MESSAGES.filter(({ type }) => type === message.type).flatMap((same) => Object.keys(same));
			expect(Object.keys(message).filter((name) => !known.includes(name))).toEqual([]);
			for (const [name, field] of Object.entries(message))
				if (["line", "column", "round"].includes(name) && field !== null)
					expect(typeof field === "number" && Number.isSafeInteger(field) && field >= 1).toBe(true);
		}),
		{ numRuns: 2_000 },
	);
});

test("A72: the benchmark page can ask for its four actions and nothing else", () => {
	fc.assert(
		fc.property(fc.oneof(fc.anything(), fc.record({ type: fc.oneof(fc.string(), ODD) })), (value) => {
			const message = parseBenchmarkMessage(value);
			if (message !== null) expect(["ready", "measure", "cancel", "show-json"]).toContain(message.type);
		}),
	);
	expect(parseBenchmarkMessage({ type: "measure", model: "x" })).toEqual({ type: "measure" });
});
