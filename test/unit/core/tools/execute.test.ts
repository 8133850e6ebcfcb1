import fc from "fast-check";
import { expect, test } from "vitest";
import type { Json, ToolCall } from "../../../../src/core/model/conversation.ts";
import { HIDDEN_MARK } from "../../../../src/core/model/hidden-code.ts";
import { TOOLS } from "../../../../src/core/tools/catalog.ts";
import { EditFailures } from "../../../../src/core/tools/edit-failures.ts";
import { executeTool } from "../../../../src/core/tools/execute.ts";
import { SeenFiles } from "../../../../src/core/tools/seen-files.ts";
import { targetOf } from "../../../../src/core/tools/target.ts";
import type { ToolParts } from "../../../../src/core/tools/tool.ts";
import { createApprover, createSilentApprover, createUnaskedApprover } from "../../../fakes/approvers.ts";
import { createMemoryWorkspace, type MemoryWorkspace } from "../../../fakes/memory-workspace.ts";
import { createScriptedProbes } from "../../../fakes/scripted-probes.ts";

const signal = new AbortController().signal;

function call(name: string, given: { readonly [key: string]: Json } = {}): ToolCall {
	return { id: "call_1", name, arguments: given };
}

function partsWith(workspace: MemoryWorkspace, rest: Partial<ToolParts> = {}): ToolParts {
	return {
		workspace,
		probes: createScriptedProbes([]),
		approver: createUnaskedApprover(),
		approve: "edits",
		testsAsked: false,
		created: new Set(),
		seen: new SeenFiles(),
		editFailures: new EditFailures(),
		maxResultChars: 8_000,
		...rest,
	};
}

const NUMBERED = Array.from({ length: 450 }, (_, index) => `line ${index + 1}`).join("\n");

test("the schemas are small, in one order, with distinct names", () => {
	expect(TOOLS.map(({ name }) => name)).toEqual([
		"list_files",
		"read_file",
		"search",
		"write_file",
		"edit_file",
		"delete_file",
	]);
	// Some four characters a token, so under 600 tokens with all punctuation.
	expect(JSON.stringify(TOOLS).length).toBeLessThan(2_000);
});

test.each(["constructor", "__proto__", "toString", "hasOwnProperty", "run_command", ""])(
	"A63 F23: %j is an unknown tool, and the answer names the known ones",
	async (name) => {
		const result = await executeTool(call(name), partsWith(createMemoryWorkspace()), signal);
		expect(result).toMatchObject({ ok: false, code: "unknown-tool", files: [] });
		expect(result.content).toContain("list_files, read_file, search, write_file, edit_file, delete_file");
	},
);

test("F24: a missing or wrong-typed parameter names what is expected; nothing is done", async () => {
	const workspace = createMemoryWorkspace({ "a.py": "x = 1\n" });
	const wrong: readonly [string, { readonly [key: string]: Json }, string][] = [
		["read_file", {}, "path is missing"],
		["read_file", { path: null }, "path is missing"],
		["read_file", { path: ["a.py"] }, "path must be a string"],
		["read_file", { path: "a.py", start_line: "one" }, "start_line must be an integer"],
		["read_file", { path: "a.py", start_line: 1.5 }, "start_line must be an integer"],
		["write_file", { path: "a.py" }, "content is missing"],
		["edit_file", { path: "a.py", old_text: "x", new_text: 3 }, "new_text must be a string"],
	];
	for (const [name, given, words] of wrong) {
		const result = await executeTool(call(name, given), partsWith(workspace), signal);
		expect(result).toMatchObject({ ok: false, code: "bad-arguments" });
		expect(result.content).toContain(words);
		expect(result.content).toContain(`${name} takes path`);
	}
	expect(workspace.changes).toEqual([]);
});

test("F24 A44 A64: extra parameters have no effect, __proto__ among them; integers may come as text", async () => {
	const workspace = createMemoryWorkspace({ "a.py": "x = 1\ny = 2\n", ".vscode/settings.json": "{}" });
	const given: unknown = JSON.parse(
		'{"path":"a.py","start_line":"2","approved":true,"timeout":1e12,"__proto__":{"approve":"all","path":"b.py"}}',
	);
	const read = await executeTool(call("read_file", given as ToolCall["arguments"]), partsWith(workspace), signal);
	expect(read.content).toBe("a.py lines 2-2 of 2\n   2| y = 2");
	const approver = createApprover("refused");
	const write = await executeTool(
		call("write_file", { path: ".vscode/settings.json", content: "{ }", approved: true, requires_approval: false }),
		partsWith(workspace, { approver }),
		signal,
	);
	expect(write).toMatchObject({ ok: false, code: "refused" });
	expect(approver.asked).toHaveLength(1);
});

test("A64: whatever the arguments are, a call is a result", async () => {
	const name = fc.constantFrom(...TOOLS.map((tool) => tool.name));
	const key = fc.oneof(
		fc.constantFrom("path", "text", "content", "old_text", "new_text", "start_line", "end_line"),
		fc.string(),
	);
	await fc.assert(
		fc.asyncProperty(name, fc.dictionary(key, fc.jsonValue()), async (tool, given) => {
			const workspace = createMemoryWorkspace({ "a.py": "x = 1\n" });
			const parts = partsWith(workspace, { approver: createApprover("refused") });
			const asJson = JSON.parse(JSON.stringify(given)) as ToolCall["arguments"];
			const result = await executeTool(call(tool, asJson), parts, signal);
			expect(typeof result.content).toBe("string");
			expect(typeof targetOf(call(tool, asJson))).toBe("string");
		}),
	);
});

test("read_file numbers lines, caps them, and says how to read on", async () => {
	const parts = partsWith(createMemoryWorkspace({ "a.py": NUMBERED, "empty.py": "", "long.py": "x".repeat(20_000) }));
	const first = await executeTool(call("read_file", { path: "a.py" }), parts, signal);
	expect(first.content.startsWith("a.py lines 1-200 of 450\n   1| line 1\n")).toBe(true);
	expect(first.content.endsWith("(lines 201-450 not shown; read them with start_line 201)")).toBe(true);
	const range = await executeTool(call("read_file", { path: "a.py", start_line: 449, end_line: 999 }), parts, signal);
	expect(range.content).toBe("a.py lines 449-450 of 450\n 449| line 449\n 450| line 450");
	const beyond = await executeTool(call("read_file", { path: "a.py", start_line: 451 }), parts, signal);
	expect(beyond).toMatchObject({ ok: false, code: "bad-arguments" });
	expect((await executeTool(call("read_file", { path: "empty.py" }), parts, signal)).content).toBe("empty.py is empty");
	const long = await executeTool(call("read_file", { path: "long.py" }), parts, signal);
	expect(long.content.length).toBeLessThan(8_200);
	expect(long.content).toContain("(the line goes on)");
});

test("search gives places; a folder narrows it; no match is no error", async () => {
	const parts = partsWith(createMemoryWorkspace({ "a.py": "def f():\n    pass\n", "lib/b.py": "f()\n" }));
	expect((await executeTool(call("search", { text: "F(" }), parts, signal)).content).toBe(
		"a.py:1: def f():\nlib/b.py:1: f()",
	);
	expect((await executeTool(call("search", { text: "f(", path: "lib" }), parts, signal)).content).toBe(
		"lib/b.py:1: f()",
	);
	expect((await executeTool(call("search", { text: "zz" }), parts, signal)).content).toBe("(no matches)");
	expect(await executeTool(call("search", { text: " " }), parts, signal)).toMatchObject({ code: "bad-arguments" });
});

test("A50 A51: a search pattern is data: no option, no expression", async () => {
	const parts = partsWith(createMemoryWorkspace({ "a.py": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\n" }));
	for (const text of ["--pre=/ws/p.sh", "-f/etc/passwd", "(a+)+$", "(.*)*x"])
		expect((await executeTool(call("search", { text }), parts, signal)).content).toBe("(no matches)");
});

test("A15: a file that may hold credentials is not read, searched or edited for a model", async () => {
	const workspace = createMemoryWorkspace({ ".env": "TOKEN=canary\n", "a.pem": "canary\n" });
	const parts = partsWith(workspace, { approver: createApprover("approved") });
	for (const given of [
		call("read_file", { path: ".env" }),
		call("read_file", { path: "a.pem" }),
		call("search", { text: "canary" }),
		call("edit_file", { path: ".env", old_text: "TOKEN=", new_text: "T=" }),
	]) {
		expect((await executeTool(given, parts, signal)).content).not.toContain("TOKEN=canary");
	}
	expect((await executeTool(call("search", { text: "canary" }), parts, signal)).content).toBe("(no matches)");
	expect(workspace.changes).toEqual([]);
});

test("write_file creates, replaces, and says when nothing changes", async () => {
	const workspace = createMemoryWorkspace();
	const parts = partsWith(workspace);
	const created = await executeTool(call("write_file", { path: "./src/../a.py", content: "x = 1\n" }), parts, signal);
	expect(created).toMatchObject({ ok: true, code: "ok", files: ["a.py"] });
	expect(workspace.changes).toMatchObject([{ kind: "create", path: "a.py" }]);
	const replaced = await executeTool(call("write_file", { path: "a.py", content: "x = 2\n" }), parts, signal);
	expect(replaced).toMatchObject({ ok: true, files: ["a.py"] });
	const again = await executeTool(call("write_file", { path: "a.py", content: "x = 2\n" }), parts, signal);
	expect(again).toMatchObject({ ok: false, code: "no-change" });
});

test.each(["./json.py", "x/../json.py", "/memory/project/json.py", "x/../.vscode/settings.json"])(
	"A21 A17: %s is judged by the place it leads to",
	async (path) => {
		const workspace = createMemoryWorkspace();
		const approver = createApprover("refused");
		const result = await executeTool(
			call("write_file", { path, content: "" }),
			partsWith(workspace, { approver }),
			signal,
		);
		expect(result).toMatchObject({ ok: false, code: "refused" });
		expect(approver.asked).toHaveLength(1);
		expect(workspace.changes).toEqual([]);
	},
);

test("a Python text that does not parse is refused before anybody is asked or anything is written", async () => {
	const workspace = createMemoryWorkspace({ "a.py": "x = 1\n" });
	const probes = createScriptedProbes([], {
		checkSyntax: (_file, text) =>
			text.includes("((") ? { line: 3, column: 1, message: "'(' was never closed" } : null,
	});
	const parts = partsWith(workspace, { probes, approve: "ask" });
	for (const given of [
		call("write_file", { path: "b.py", content: "((" }),
		call("edit_file", { path: "a.py", old_text: "1", new_text: "((" }),
	]) {
		const result = await executeTool(given, parts, signal);
		expect(result).toMatchObject({ ok: false, code: "syntax-error", files: [] });
		expect(result.content).toContain("line 3: '(' was never closed");
	}
	expect(workspace.changes).toEqual([]);
});

test("A53: in mode ask every change waits for a yes, and a no changes nothing", async () => {
	const workspace = createMemoryWorkspace({ "a.py": "x = 1\n" });
	const approver = createApprover("refused", "approved");
	const parts = partsWith(workspace, { approver, approve: "ask" });
	const edit = call("edit_file", { path: "a.py", old_text: "1", new_text: "2" });
	expect(await executeTool(edit, parts, signal)).toMatchObject({ ok: false, code: "refused", files: [] });
	expect(workspace.files.get("a.py")).toBe("x = 1\n");
	expect(await executeTool(edit, parts, signal)).toMatchObject({ ok: true, files: ["a.py"] });
	expect(approver.asked).toMatchObject([{ before: "x = 1\n", change: { path: "a.py" } }, { before: "x = 1\n" }]);
});

test("F14: a cancel during an approval ends the wait and changes nothing", async () => {
	const workspace = createMemoryWorkspace({ "a.py": "x = 1\n" });
	const controller = new AbortController();
	const parts = partsWith(workspace, { approver: createSilentApprover(), approve: "ask" });
	const waiting = executeTool(call("delete_file", { path: "a.py" }), parts, controller.signal);
	setTimeout(() => controller.abort(), 5);
	await expect(waiting).rejects.toThrow(/abort/i);
	expect(workspace.changes).toEqual([]);
});

test("delete_file asks in mode edits, deletes in mode all, and .git never", async () => {
	const workspace = createMemoryWorkspace({ "a.py": "x\n", ".git/config": "[core]\n" });
	const refusing = partsWith(workspace, { approver: createApprover("refused") });
	expect(await executeTool(call("delete_file", { path: "a.py" }), refusing, signal)).toMatchObject({ code: "refused" });
	const all = partsWith(workspace, { approve: "all" });
	expect(await executeTool(call("delete_file", { path: ".git/config" }), all, signal)).toMatchObject({
		code: "protected",
	});
	expect(await executeTool(call("delete_file", { path: "a.py" }), all, signal)).toMatchObject({ ok: true });
	expect(workspace.files.has("a.py")).toBe(false);
	expect(await executeTool(call("delete_file", { path: "a.py" }), all, signal)).toMatchObject({ code: "missing" });
});

test("F40 F41: a text written over a file that somebody changed since it was read is refused until it is read again", async () => {
	const workspace = createMemoryWorkspace({ "a.py": "x = 1\n" });
	const parts = partsWith(workspace, { approve: "all" });
	await executeTool(call("read_file", { path: "a.py" }), parts, signal);
	workspace.files.set("a.py", "x = 1\nmine = True\n");
	const write = call("write_file", { path: "a.py", content: "x = 2\n" });
	expect(await executeTool(write, parts, signal)).toMatchObject({ ok: false, code: "changed" });
	expect(await executeTool(call("delete_file", { path: "a.py" }), parts, signal)).toMatchObject({ code: "changed" });
	expect(workspace.files.get("a.py")).toBe("x = 1\nmine = True\n");
	await executeTool(call("read_file", { path: "a.py" }), parts, signal);
	expect(await executeTool(write, parts, signal)).toMatchObject({ ok: true });
	expect(await executeTool(call("write_file", { path: "a.py", content: "x = 3\n" }), parts, signal)).toMatchObject({
		ok: true,
	});
});

test("F40: an edit goes into the text as it is now, so that nobody's change is lost", async () => {
	const workspace = createMemoryWorkspace({ "a.py": "x = 1\n" });
	const parts = partsWith(workspace);
	await executeTool(call("read_file", { path: "a.py" }), parts, signal);
	workspace.files.set("a.py", "x = 1\nmine = True\n");
	await executeTool(call("edit_file", { path: "a.py", old_text: "x = 1", new_text: "x = 2" }), parts, signal);
	expect(workspace.files.get("a.py")).toBe("x = 2\nmine = True\n");
});

test("F51: a whole write after a partial read is refused, after the rest was read it is not", async () => {
	const workspace = createMemoryWorkspace({ "a.py": NUMBERED });
	const parts = partsWith(workspace);
	await executeTool(call("read_file", { path: "a.py" }), parts, signal);
	const write = call("write_file", { path: "a.py", content: NUMBERED.replaceAll("line", "row") });
	expect(await executeTool(write, parts, signal)).toMatchObject({ ok: false, code: "left-out" });
	await executeTool(call("read_file", { path: "a.py", start_line: 201 }), parts, signal);
	await executeTool(call("read_file", { path: "a.py", start_line: 401 }), parts, signal);
	expect(await executeTool(write, parts, signal)).toMatchObject({ ok: true });
});

test.each([
	"# ... rest unchanged",
	"# rest of file unchanged",
	"    # ... existing code ...",
	"// ... rest of the code remains the same",
	"# (the rest of the class stays unchanged)",
	"... rest of the file ...",
	"… remaining functions",
	"rest unchanged",
	"[TRUNCATED 300 lines]",
	"... [TRUNCATED]",
])("F51: %j in a text is refused, in write and edit", async (placeholder) => {
	const workspace = createMemoryWorkspace({ "a.py": "x = 1\n" });
	const parts = partsWith(workspace);
	const text = `x = 2\n${placeholder}\n`;
	for (const given of [
		call("write_file", { path: "a.py", content: text }),
		call("write_file", { path: "new.py", content: text }),
		call("edit_file", { path: "a.py", old_text: "x = 1", new_text: text }),
	])
		expect(await executeTool(given, parts, signal)).toMatchObject({ ok: false, code: "left-out" });
	expect(workspace.changes).toEqual([]);
});

test("F51: functions that an answer leaves as they were shown, without their code, keep it", async () => {
	const workspace = createMemoryWorkspace({ "a.py": "def one():\n    return 1\n\n\ndef two():\n    return 3\n" });
	const content = `def one():\n    ...  ${HIDDEN_MARK}\n\n\ndef two():\n    return 2\n`;
	const given = call("write_file", { path: "a.py", content });
	expect(await executeTool(given, partsWith(workspace), signal)).toMatchObject({ ok: true });
	expect(workspace.files.get("a.py")).toBe("def one():\n    return 1\n\n\ndef two():\n    return 2\n");
});

test("F51: ordinary code is no placeholder, nor is what stood in the file before", async () => {
	const workspace = createMemoryWorkspace({ "b.py": "# ... rest unchanged\nx = 1\n" });
	const parts = partsWith(workspace);
	const code = 'def f(*rest):\n    ...\n    # restores the state\n    return "[TRUNCATED]", rest  # other\n';
	expect(await executeTool(call("write_file", { path: "a.py", content: code }), parts, signal)).toMatchObject({
		ok: true,
	});
	const kept = call("write_file", { path: "b.py", content: "# ... rest unchanged\nx = 2\n" });
	expect(await executeTool(kept, parts, signal)).toMatchObject({ ok: true });
});

test("F51: a whole write that drops more than 90 % of a larger file is refused", async () => {
	const workspace = createMemoryWorkspace({ "a.py": NUMBERED, "small.py": "x = 1\n".repeat(20) });
	const parts = partsWith(workspace);
	expect(await executeTool(call("write_file", { path: "a.py", content: "x = 1\n" }), parts, signal)).toMatchObject({
		code: "left-out",
	});
	expect(await executeTool(call("write_file", { path: "small.py", content: "x\n" }), parts, signal)).toMatchObject({
		ok: true,
	});
});

test("F45: a whole write keeps the line ends that the file mostly has", async () => {
	const workspace = createMemoryWorkspace({ "a.txt": "a\r\nb\r\nc\n", "b.txt": "a\nb\nc\r\n" });
	const parts = partsWith(workspace);
	await executeTool(call("write_file", { path: "a.txt", content: "x\ny\n" }), parts, signal);
	await executeTool(call("write_file", { path: "b.txt", content: "x\ny\n" }), parts, signal);
	expect(workspace.files.get("a.txt")).toBe("x\r\ny\r\n");
	expect(workspace.files.get("b.txt")).toBe("x\ny\n");
});

const HOSTILE = [
	"../../etc/passwd",
	"/etc/passwd",
	"~/x",
	"file:///x",
	"../project-evil/x",
	"CON",
	"x.",
	"a:b",
	"a\0b",
	"a\nb",
];
const BY_PATH = (path: string): readonly ToolCall[] => [
	call("list_files", { path }),
	call("read_file", { path }),
	call("search", { text: "x", path }),
	call("write_file", { path, content: "x" }),
	call("edit_file", { path, old_text: "x", new_text: "y" }),
	call("delete_file", { path }),
];
test.each(HOSTILE)("A14: every tool gives the same verdict on %j", async (path) => {
	const workspace = createMemoryWorkspace({ "a.py": "x\n" });
	const results = await Promise.all(BY_PATH(path).map((one) => executeTool(one, partsWith(workspace), signal)));
	expect(new Set(results.map(({ code }) => code)).size).toBe(1);
	expect(results.every(({ ok, code }) => !ok && (code === "outside" || code === "bad-path"))).toBe(true);
	expect(workspace.changes).toEqual([]);
});

test("after two edits that did not fit, the file goes whole: it is shown, and may be written", async () => {
	const workspace = createMemoryWorkspace({ "a.py": "x = 1\n" });
	const parts = partsWith(workspace);
	const edit = (old: string) =>
		executeTool(call("edit_file", { path: "a.py", old_text: old, new_text: "z" }), parts, signal);
	expect((await edit("gone")).content).not.toContain("whole file");
	const second = await edit("gone as well");
	expect(second.content).toContain(
		"2 edits of a.py did not fit. Send the whole file with write_file. It is now:\n```python\nx = 1\n```",
	);
	expect(parts.editFailures.wantWhole).toBe(true);
	const written = await executeTool(call("write_file", { path: "a.py", content: "x = 2\n" }), parts, signal);
	expect(written.ok).toBe(true);
	expect(parts.editFailures.wantWhole).toBe(false);
	expect((await edit("x = 2")).ok).toBe(true);
	expect((await edit("gone")).content).not.toContain("whole file");
});

test("a file that is too long to show is to be read first", async () => {
	const workspace = createMemoryWorkspace({ "a.py": "x = 1\n".repeat(50) });
	const parts = partsWith(workspace, { maxResultChars: 100 });
	for (const old of ["gone", "gone too"]) {
		await executeTool(call("edit_file", { path: "a.py", old_text: old, new_text: "z" }), parts, signal);
	}
	const third = await executeTool(call("edit_file", { path: "a.py", old_text: "no", new_text: "z" }), parts, signal);
	expect(third.content).toContain("Read all of it first.");
	expect(parts.editFailures.wantWhole).toBe(false);
	expect(third.content.length).toBeLessThan(400);
});

test("a result has no more characters than the model's window allows", async () => {
	const parts = partsWith(createMemoryWorkspace({ "a.py": `${NUMBERED}\n` }), { maxResultChars: 1_000 });
	const read = await executeTool(call("read_file", { path: "a.py" }), parts, signal);
	expect(read.content.length).toBeLessThan(1_200);
	expect(read.content).toMatch(/read them with start_line \d+\)$/);
});

test("tests that the run itself wrote are its own to change, those that were there are asked", async () => {
	const workspace = createMemoryWorkspace({ "tests/test_old.py": "def test_old():\n    assert True\n" });
	const approver = createApprover("refused");
	const parts = partsWith(workspace, { approver, approve: "edits" });
	const write = (path: string, content: string) => executeTool(call("write_file", { path, content }), parts, signal);
	expect(await write("tests/test_new.py", "def test_new():\n    assert one() == 1\n")).toMatchObject({ ok: true });
	expect(await write("tests/test_new.py", "def test_new():\n    assert True\n")).toMatchObject({ ok: true });
	expect(approver.asked).toHaveLength(0);
	await executeTool(call("read_file", { path: "tests/test_old.py" }), parts, signal);
	expect(await write("tests/test_old.py", "def test_old():\n    pass\n")).toMatchObject({ ok: false, code: "refused" });
	expect(approver.asked).toHaveLength(1);
});
