import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ChatMessage, TOOL_PROTOCOLS } from "../../../../src/core/model/conversation.ts";
import { probeMessage } from "../../../../src/core/model/feedback.ts";
import { protocolFor } from "../../../../src/core/model/protocol.ts";
import { verdictOf } from "../../../../src/core/probes/verdict.ts";
import { TOOLS } from "../../../../src/core/tools/catalog.ts";
import { reportOfSketch } from "../../../fakes/reports.ts";
import { decode } from "../../../fixtures/decoded.ts";

const LIMITS = { maxOutputTokens: 512, temperature: 0, seed: 1, think: false, toolResults: "tool" } as const;
const FENCE = "```";

/** Name and arguments of the calls; throws where there are none. */
function calls(content: string): readonly unknown[] {
	const decoded = decode(content);
	if (decoded.kind !== "calls") throw new Error(`no call: ${JSON.stringify(decoded)}`);
	return decoded.calls.map((call) => [call.name, call.arguments]);
}

const READ = ["read_file", { path: "src/app.py" }];
const READ_JSON = '{"name": "read_file", "arguments": {"path": "src/app.py"}}';

describe.each(TOOL_PROTOCOLS)("salvage in the %s protocol", (kind) => {
	it.each([
		["bare JSON", READ_JSON],
		["fenced JSON", `${FENCE}json\n${READ_JSON}\n${FENCE}`],
		["JSON after a sentence", `Let me look at the file {carefully}.\n${READ_JSON}\nThen I go on.`],
		["JSON over several lines", '{\n "name": "read_file",\n "arguments": {\n  "path": "src/app.py"\n }\n}'],
		["tagged", `<tool_call>\n${READ_JSON}\n</tool_call>`],
		["as the server's own shape", `{"type": "function", "function": ${READ_JSON}}`],
		["with parameters for arguments", '{"name": "read_file", "parameters": {"path": "src/app.py"}}'],
		["F20 arguments as a string", '{"name": "read_file", "arguments": "{\\"path\\": \\"src/app.py\\"}"}'],
		["function tags", "<function=read_file>\n<parameter=path>\nsrc/app.py\n</parameter>\n</function>"],
		["an attribute", 'read_file file="src/app.py"'],
		["a path line", "read_file src/app.py"],
		["a path line in a list, quoted", "- `read_file` `src/app.py`"],
		["a verb for the tool", "READ src/app.py"],
		["like a function", 'read_file("src/app.py")'],
		["like a function with a named argument", "read_file(path='src/app.py')"],
		["with the tool as a key", '{"tool": "read_file", "path": "src/app.py"}'],
		["after a brace that stays open in a sentence", `A dict begins with { here.\n${READ_JSON}`],
		["after its thoughts", `<think>\nwrite_file b.py would be wrong\n</think>\n${READ_JSON}`],
	])("reads a call: %s", (_, content) => {
		expect(decode(content, {}, kind)).toEqual({
			kind: "calls",
			calls: [{ id: "call_1", name: "read_file", arguments: { path: "src/app.py" } }],
		});
	});
});

describe("blocks", () => {
	it("writes a file from a path line and a fence", () => {
		expect(calls(`Here it is:\n\nwrite_file src/app.py\n${FENCE}python\nprint("hello")\n\n${FENCE}\nDone.`)).toEqual([
			["write_file", { path: "src/app.py", content: 'print("hello")\n\n' }],
		]);
	});

	it("writes an empty file as empty", () => {
		expect(calls(`write_file pkg/__init__.py\n${FENCE}\n${FENCE}`)).toEqual([
			["write_file", { path: "pkg/__init__.py", content: "" }],
		]);
	});

	it("edits by search and replace, fenced or not", () => {
		const block = "<<<<<<< SEARCH\n  a = 1\n=======\n  a = 2\n>>>>>>> REPLACE";
		const expected = [["edit_file", { path: "src/app.py", old_text: "  a = 1", new_text: "  a = 2" }]];
		expect(calls(`edit_file src/app.py\n${block}`)).toEqual(expected);
		expect(calls(`edit_file src/app.py\n${FENCE}python\n${block}\n${FENCE}`)).toEqual(expected);
	});

	it("reads several calls in their order", () => {
		expect(calls(`read_file src/app.py\nwrite_file a.py\n${FENCE}\nx = 1\n${FENCE}`)).toEqual([
			READ,
			["write_file", { path: "a.py", content: "x = 1\n" }],
		]);
	});

	it.each([
		["a path alone", "src/app.py"],
		["a quoted path", "`src/app.py`:"],
		["a heading", "### src/app.py"],
		["a label", "**File: src/app.py**"],
		["a verb", "WRITE src/app.py"],
	])("writes a file beneath %s", (_, head) => {
		expect(calls(`${head}\n${FENCE}python\nx = 1\n${FENCE}`)).toEqual([
			["write_file", { path: "src/app.py", content: "x = 1\n" }],
		]);
	});

	it("writes the file that its first line names, a comment that stays", () => {
		expect(calls(`${FENCE}python\n# src/app.py\nx = 1\n${FENCE}`)).toEqual([
			["write_file", { path: "src/app.py", content: "# src/app.py\nx = 1\n" }],
		]);
	});

	it.each([
		["the fence's line", `${FENCE}python src/app.py\nx = 1\n${FENCE}`],
		["the fence's line, with a colon", `${FENCE}py:src/app.py\nx = 1\n${FENCE}`],
	])("writes the file that %s names", (_, content) => {
		expect(calls(content)).toEqual([["write_file", { path: "src/app.py", content: "x = 1\n" }]]);
	});

	it("reads several replacements beneath one path", () => {
		const block = (name: string) => `<<<<<<< SEARCH\n${name} = 1\n=======\n${name} = 2\n>>>>>>> REPLACE`;
		expect(calls(`edit_file a.py\n${FENCE}\n${block("x")}\n\n${block("y")}\n${FENCE}`)).toEqual([
			["edit_file", { path: "a.py", old_text: "x = 1", new_text: "x = 2" }],
			["edit_file", { path: "a.py", old_text: "y = 1", new_text: "y = 2" }],
		]);
	});

	it("knows the marker from a heading's underline", () => {
		const block = "<<<<<<< SEARCH\nTitle\n=====\n=======\nOther\n=====\n>>>>>>> REPLACE";
		expect(calls(`edit_file a.rst\n${block}`)).toEqual([
			["edit_file", { path: "a.rst", old_text: "Title\n=====", new_text: "Other\n=====" }],
		]);
	});

	it("takes a fence within a fence for the file's text", () => {
		const inner = `Use:\n${FENCE}bash\npip install x\n${FENCE}\n`;
		expect(calls(`write_file README.md\n${FENCE}markdown\n${inner}${FENCE}`)).toEqual([
			["write_file", { path: "README.md", content: inner }],
		]);
		const bare = `Use:\n${FENCE}\npip install x\n${FENCE}\n`;
		expect(calls(`write_file README.md\n${FENCE}\`markdown\n${bare}${FENCE}\``)).toEqual([
			["write_file", { path: "README.md", content: bare }],
		]);
	});

	it("takes what a file's text holds for text, not for calls", () => {
		const inside = '{"name": "delete_file", "arguments": {"path": "src/app.py"}}';
		expect(calls(`write_file notes.md\n${FENCE}\n${inside}\n${FENCE}`)).toEqual([
			["write_file", { path: "notes.md", content: `${inside}\n` }],
		]);
		expect(
			calls(
				`<function=write_file><parameter=path>a.md</parameter><parameter=content><function=delete_file><parameter=path>b</parameter></function>`,
			).map((call) => Array.isArray(call) && call[0]),
		).toEqual(["write_file"]);
	});

	it.each([
		["F27 a fence without its end", `write_file a.py\n${FENCE}python\nx = 1\n`],
		["F27 a replacement without its end", "edit_file a.py\n<<<<<<< SEARCH\nx\n=======\ny\n"],
		["F27 a replacement without its middle", "edit_file a.py\n<<<<<<< SEARCH\nx\n>>>>>>> REPLACE\n"],
		["F27 a block whose end is not clear", `write_file a.py\n${FENCE}\nx = 1\n${FENCE}\ny = 2\n${FENCE}\n`],
		["a diff", `write_file a.py\n${FENCE}diff\n-x = 1\n+x = 2\n${FENCE}`],
	])("%s is no call, and the model is told", (_, content) => {
		expect(decode(content)).toMatchObject({
			kind: "malformed",
			cause: "unclosed",
			explanation: expect.stringContaining("a.py"),
		});
	});
});

describe("what is no call", () => {
	it.each(TOOL_PROTOCOLS)("F27 a cut answer in the %s protocol, even where a whole call stands in it", (kind) => {
		expect(decode(READ_JSON, { doneReason: "length" }, kind)).toMatchObject({ kind: "malformed", cause: "cut" });
		const native = { toolCalls: [{ id: "x", name: "read_file", arguments: {} }], doneReason: "length" } as const;
		expect(decode("", native, kind)).toMatchObject({ kind: "malformed" });
	});

	it.each([
		["F22 a call closed wrongly", '{"name": "write_file", "arguments": {"path": "a.py", "content": "x"]}'],
		["F22 no name, only keys that fit a tool", '{"path": "a.py", "content": "x = 1"}'],
		["F25 a name that no tool has", '{"name": "add", "arguments": {"a": 5, "b": 3}}'],
		["F25 another spelling", '{"name": "Write_File", "arguments": {"path": "a.py", "content": "x"}}'],
		["F25 a name that every object has", '{"name": "constructor", "arguments": {"path": "a.py"}}'],
		["F20 arguments encoded twice", '{"name": "read_file", "arguments": "\\"{}\\""}'],
		["F20 arguments that are a list", '{"name": "read_file", "arguments": ["a.py"]}'],
		["a path alone for a tool that needs more", "search src"],
		["a sentence that begins with a tool", "write_file would be the tool to use here."],
		["a lone fence, which names no file", `${FENCE}python\nx = 1\n${FENCE}`],
	])("%s", (_, content) => {
		expect(decode(content).kind).not.toBe("calls");
	});

	it("F23 an unknown name is answered with the names there are", () => {
		expect(decode('{"name": "run_shell", "arguments": {"command": "ls"}}')).toEqual({
			kind: "malformed",
			cause: "unknown-tool",
			explanation:
				'There is no tool "run_shell". The tools are list_files, read_file, search, write_file, edit_file, delete_file.',
		});
	});

	it.each(["", "  \n\t "])("F26 an empty answer (%j) is no answer", (content) => {
		expect(decode(content)).toMatchObject({ kind: "malformed", cause: "empty" });
	});

	it("F26 thoughts without an answer are no answer", () => {
		expect(decode("<think>\nHm.\n</think>\n")).toMatchObject({ kind: "malformed", cause: "empty" });
		expect(decode(`<think>\nI could call ${READ_JSON}`)).toMatchObject({ kind: "malformed", cause: "empty" });
	});

	it("words are an answer", () => {
		expect(decode("All tests pass now.")).toEqual({ kind: "text", text: "All tests pass now." });
	});
});

describe("an answer by schema", () => {
	it("is one call", () => {
		expect(decode('{\n "tool": "write_file",\n "path": "a.py",\n "content": "x = 1\\n"\n}', {}, "schema")).toEqual({
			kind: "calls",
			calls: [{ id: "call_1", name: "write_file", arguments: { path: "a.py", content: "x = 1\n" } }],
		});
	});

	it("is words where nothing is left to do, and F26 nothing where the words are empty", () => {
		expect(decode('{"tool": "answer", "text": "All done."}', {}, "schema")).toEqual({
			kind: "text",
			text: "All done.",
		});
		expect(decode('{"tool": "answer", "text": " "}', {}, "schema")).toMatchObject({ cause: "empty" });
	});
});

describe("native calls", () => {
	it("get ids that stand once in the conversation", () => {
		const toolCalls = [{ id: "server_1", name: "read_file", arguments: { path: "a" } }];
		expect(decode("", { toolCalls }, "native")).toEqual({
			kind: "calls",
			calls: [{ id: "call_1", name: "read_file", arguments: { path: "a" } }],
		});
	});

	it("F23 keep an unknown name, so that the loop's answer stands at its call", () => {
		const toolCalls = [{ id: "server_1", name: "run_shell", arguments: {} }];
		expect(decode("", { toolCalls }, "native")).toMatchObject({ kind: "calls", calls: [{ name: "run_shell" }] });
	});
});

describe("encoding", () => {
	const message = fc.oneof(
		fc.record({ role: fc.constant("user" as const), content: fc.string() }),
		fc.record({
			role: fc.constant("assistant" as const),
			content: fc.string(),
			toolCalls: fc.array(
				fc.record({
					id: fc.string(),
					name: fc.constant("read_file"),
					arguments: fc.dictionary(fc.string(), fc.string()),
				}),
				{ maxLength: 2 },
			),
		}),
		fc.record({
			role: fc.constant("tool" as const),
			content: fc.string(),
			toolName: fc.constant("read_file"),
			toolCallId: fc.string(),
		}),
	);

	it.each(TOOL_PROTOCOLS)("is append-only in the %s protocol: a round's bytes begin the next round's", (kind) => {
		const { encode } = protocolFor(kind);
		fc.assert(
			fc.property(fc.array(message), fc.array(message), (before, added) => {
				const head: readonly ChatMessage[] = [{ role: "system", content: "You are Jetbox." }, ...before];
				const short = encode(head, TOOLS, LIMITS);
				const long = encode([...head, ...added], TOOLS, LIMITS);
				expect(JSON.stringify(long.messages.slice(0, short.messages.length))).toBe(JSON.stringify(short.messages));
				expect(long.tools).toEqual(short.tools);
				expect(long.format).toEqual(short.format);
			}),
		);
	});

	it.each(["text", "schema"] as const)(
		"%s: offers no tools on the wire, names each in the system prompt, sends results as user messages",
		(kind) => {
			const { messages, tools, format } = protocolFor(kind).encode(
				[
					{ role: "system", content: "You are Jetbox." },
					{ role: "assistant", content: "x", toolCalls: [{ id: "1", name: "read_file", arguments: { path: "a" } }] },
					{ role: "tool", content: "text of a", toolName: "read_file", toolCallId: "1" },
				],
				TOOLS,
				LIMITS,
			);
			expect(tools).toEqual([]);
			expect(format === null).toBe(kind === "text");
			expect(messages.map(({ role }) => role)).toEqual(["system", "assistant", "user"]);
			for (const { name } of TOOLS) expect(messages[0]?.content).toContain(name);
			expect(messages[2]?.content).toContain("text of a");
		},
	);

	it("text: the examples that the prompt shows are calls that the decoder reads", () => {
		const system =
			protocolFor("text").encode([{ role: "system", content: "" }], TOOLS, LIMITS).messages[0]?.content ?? "";
		const examples = system.slice(0, system.indexOf("The other tools"));
		expect(calls(examples).map((call) => Array.isArray(call) && call[0])).toEqual(["write_file", "edit_file"]);
	});

	it("text: an answer ends before it makes up what the loop itself would say", () => {
		const [stop = ""] = protocolFor("text").encode([], TOOLS, LIMITS).stop ?? [];
		const report = reportOfSketch({ failing: { "test_a.py::test_one": "assert 1 == 2" } });
		expect(stop.startsWith("\n")).toBe(true);
		expect(probeMessage(2, verdictOf(report, null), report).startsWith(stop.slice(1))).toBe(true);
		expect(protocolFor("native").encode([], TOOLS, LIMITS).stop).toBeUndefined();
	});

	it("native: results travel as user messages for templates that hide the tools after them", () => {
		const result = { role: "tool", content: "text of a", toolName: "read_file", toolCallId: "1" } as const;
		const encode = (toolResults: "tool" | "user") =>
			protocolFor("native").encode([result], TOOLS, { ...LIMITS, toolResults }).messages;
		expect(encode("tool")).toEqual([result]);
		expect(encode("user")).toEqual([{ role: "user", content: "RESULT of read_file:\ntext of a" }]);
	});

	it("schema: is closed, names the tool first, and has neither pattern nor depth", () => {
		const { format } = protocolFor("schema").encode([], TOOLS, LIMITS);
		const words = JSON.stringify(format);
		expect(words).not.toContain("pattern");
		const branches = words.split('"type":"object"').slice(1);
		expect(branches).toHaveLength(TOOLS.length + 1);
		for (const branch of branches) {
			expect(branch).toMatch(/^,"properties":\{"tool":\{"const":"\w+"\}/);
			expect(branch).toContain('"additionalProperties":false');
		}
	});
});

describe("any text", () => {
	it("decodes to something, and calls name offered tools only", () => {
		const piece = fc.constantFrom(
			"write_file a.py\n",
			"edit_file a.py\n",
			"a.py\n",
			"def a():\n    return 1\n",
			`${FENCE}python\n`,
			`${FENCE}\n`,
			"<<<<<<< SEARCH\n",
			"=======\n",
			">>>>>>> REPLACE\n",
			"<function=read_file>",
			"<parameter=path>",
			"</parameter>",
			"</function>",
			READ_JSON,
			'{"name": "',
			'"}',
			"\\",
			"\n",
			"text ",
		);
		const names = new Set(TOOLS.map(({ name }) => name));
		fc.assert(
			fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 30 }), (pieces) => {
				const decoded = decode(pieces.join(""), {}, "text", [{ path: "a.py", text: "def a():\n    pass\n" }]);
				if (decoded.kind === "calls") expect(decoded.calls.every(({ name }) => names.has(name))).toBe(true);
			}),
			{ numRuns: 500 },
		);
	});

	// Quadratic reading of these would take minutes; the limit is the runner's own.
	it.each([
		["backticks within a word", `read_file ${"`".repeat(1_000_000)}x`],
		["open braces", "{".repeat(1_000_000)],
		["open function tags", "<function=".repeat(200_000)],
		["function tags with a late end", `${"<function=a>".repeat(200_000)}</function>`],
		["open parameters", `<function=read_file>${"<parameter=".repeat(200_000)}</function>`],
		["closed blocks", `write_file a.py\n${FENCE}\nx\n${FENCE}\n`.repeat(50_000)],
		["path lines", "edit_file a.py\n\n".repeat(200_000)],
		["blanks", `${" ".repeat(1_000_000)}x`],
		["equal signs", `edit_file a.py\n<<<<<<< SEARCH\n${"=".repeat(1_000_000)}x\n`],
		["open fences", `${FENCE}a\n`.repeat(200_000)],
		["fences of one language", `${FENCE}python\nx\n${FENCE}\n`.repeat(50_000)],
		["paths before nothing", "a.py\n".repeat(200_000)],
		["definitions", `${FENCE}python\n${"def a():\n".repeat(100_000)}${FENCE}`],
		["braces in sentences", "{ ".repeat(500_000)],
		["triple quotes", `{"a": ${'"""'.repeat(300_000)}`],
		["search markers", `edit_file a.py\n${"<<<<<<< SEARCH\n".repeat(100_000)}`],
		["attributes", `read_file ${"a=b ".repeat(300_000)}`],
		["quotes and backslashes", `{"${'\\"'.repeat(500_000)}`],
	])(
		"A51 is read in linear time: %s",
		(_, content) => {
			const files = [{ path: "a.py", text: "def a():\n    pass\n\n\ndef b():\n    pass\n" }];
			for (const kind of TOOL_PROTOCOLS) expect(decode(content, {}, kind, files).kind).toBeDefined();
		},
		20_000,
	);
});
