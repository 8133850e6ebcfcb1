/**
 * Every recorded answer of a small model that was no call for a strict reader, with what becomes of it. Where the recordings'
 * index says that a tolerant reader finds the right tool and path, so does this one; it also takes Python's triple quotes
 * within JSON, and a fence for the one file in play.
 */
import { describe, expect, it } from "vitest";
import { pathsNamed } from "../../../../src/core/files-in-play.ts";
import type { ToolProtocol } from "../../../../src/core/model/conversation.ts";
import { type Decoded, type FileInPlay, protocolFor } from "../../../../src/core/model/protocol.ts";
import { TOOLS } from "../../../../src/core/tools/catalog.ts";
import { type BadCall, readBadCalls } from "../../../fixtures/ollama-wire.ts";

/** Recorded with a tool of this name. */
const OFFERED = TOOLS.map((tool) => (tool.name === "list_files" ? { ...tool, name: "list_dir" } : tool));
const PROTOCOLS: ReadonlyMap<string, ToolProtocol> = new Map([
	["tools", "native"],
	["schema", "schema"],
	["text", "text"],
]);

/** A call as `tool path`, a cause, or `text`. */
const EXPECTED: Readonly<Record<string, string>> = {
	"fixed-0.5b-add": "unknown-tool",
	"fixed-0.5b-class": "unreadable",
	"fixed-0.5b-even": "unknown-tool",
	"fixed-0.5b-fib": "unknown-tool",
	"fixed-0.5b-fix": "unknown-tool",
	"fixed-0.5b-list": "list_dir /path/to/directory",
	"fixed-0.5b-quotes": "unknown-tool",
	"fixed-0.5b-read": "read_file src/app.py",
	"fixed-0.5b-test": "unknown-tool",
	"fixed-0.5b-words": "unknown-tool",
	"fixed-1.5b-add": "write_file add.py",
	"fixed-1.5b-class": "write_file stack.py",
	"fixed-1.5b-even": "write_file is_even.py",
	"fixed-1.5b-fib": "write_file fib.py",
	"fixed-1.5b-fix": "write_file util.py",
	"fixed-1.5b-list": "list_dir tests",
	"fixed-1.5b-quotes": "cut",
	"fixed-1.5b-read": "read_file src/app.py",
	"fixed-1.5b-test": "unknown-tool",
	"fixed-1.5b-words": "write_file text.py",
	"json-0.5b-add": "unknown-tool",
	"json-0.5b-class": "unreadable",
	"json-0.5b-even": "unknown-tool",
	"json-0.5b-fib": "unknown-tool",
	"json-0.5b-fix": "edit_file util.py",
	"json-0.5b-quotes": "unknown-tool",
	"json-0.5b-test": "unknown-tool",
	"json-0.5b-words": "unknown-tool",
	"json-1.5b-fix": "write_file util.py",
	"json-1.5b-quotes": "unreadable",
	"json-1.5b-test": "unknown-tool",
	"library-1.5b-add": "write_file add.py",
	"library-1.5b-class": "unknown-tool",
	"library-1.5b-even": "cut",
	"library-1.5b-fib": "write_file fib.py",
	"library-1.5b-fix": "unknown-tool",
	"library-1.5b-list": "list_dir tests",
	"library-1.5b-quotes": "unknown-tool",
	"library-1.5b-read": "read_file src/app.py",
	"library-1.5b-test": "unreadable",
	"library-1.5b-words": "write_file text.py",
	"native-1.5b-add": "write_file add.py",
	"native-1.5b-class": "write_file stack.py",
	"native-1.5b-even": "write_file is_even.py",
	"native-1.5b-fib": "write_file fib.py",
	"native-1.5b-fix": "write_file util.py",
	"native-1.5b-list": "list_dir /path/to/directory",
	"native-1.5b-quotes": "cut",
	"native-1.5b-read": "read_file src/app.py",
	"native-1.5b-test": "unknown-tool",
	"native-1.5b-words": "write_file text.py",
	"schema-0.5b-fix": "write_file util.py",
	"schema-0.5b-quotes": "write_file report.py",
	"schema-1.5b-list": "list_dir /path/to/directory",
	"schema-1.5b-quotes": "write_file report.py",
	"text-0.5b-add": "write_file add.py",
	"text-0.5b-class": "write_file stack.py",
	"text-0.5b-even": "write_file is_even.py",
	"text-0.5b-fib": "write_file fib.py",
	"text-0.5b-fix": "edit_file util.py",
	"text-0.5b-quotes": "write_file report.py",
	"text-0.5b-test": "text",
	"text-0.5b-words": "write_file text.py",
	"text-1.5b-class": "write_file stack.py",
	"text-1.5b-fix": "edit_file util.py",
	"text-1.5b-quotes": "write_file report.py",
	"text-1.5b-test": "write_file test_add.py",
};

function filesOf({ task }: BadCall): readonly FileInPlay[] {
	const text = /```python\n([\s\S]*?)```/.exec(task)?.[1] ?? null;
	return pathsNamed(task)
		.slice(0, 1)
		.map((path) => ({ path, text }));
}

function decoded(call: BadCall): Decoded {
	const usage = { loadMs: 0, prefillMs: 0, decodeMs: 0, promptTokens: 0, cachedTokens: null, outputTokens: 0 };
	const protocol = PROTOCOLS.get(call.protocol);
	if (protocol === undefined) throw new Error(`No protocol ${call.protocol}.`);
	return protocolFor(protocol).decode(
		{ content: call.answer, toolCalls: [], doneReason: call.doneReason, usage },
		{ tools: OFFERED, newCallId: () => "call_1", filesInPlay: filesOf(call) },
	);
}

describe("recorded answers of small models", () => {
	const recordings = readBadCalls();

	it("none is left out", () => {
		expect(Object.keys(EXPECTED).sort()).toEqual(recordings.map(({ file }) => file.replace(".txt", "")).sort());
	});

	it.each(recordings.map((call) => [call.file.replace(".txt", ""), call] as const))("%s", (name, call) => {
		const found = decoded(call);
		const calls = found.kind === "calls" ? found.calls : [];
		const outcome =
			found.kind === "malformed"
				? found.cause
				: calls.map((made) => `${made.name} ${made.arguments["path"]}`).join() || found.kind;
		expect(outcome).toBe(EXPECTED[name]);
		// Never worse than the index: a function put in its place is as good as the file written.
		const tools = calls.map((made) => (made.name === "edit_file" ? "write_file" : made.name));
		if (call.toolOk && call.form !== "other") expect(tools).toContain(call.expectedTool);
		if (call.pathOk) expect(calls.map((made) => made.arguments["path"])).toContain(call.expectedPath);
	});
});
