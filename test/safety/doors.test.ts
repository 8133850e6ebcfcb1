/** The doors that there are, counted: what is not there cannot be attacked (threats A26, A27, A41-A47, A52, A76). */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { UserError } from "../../src/core/errors.ts";
import { TOOLS } from "../../src/core/tools/catalog.ts";
import { trustedMachine } from "../../src/vscode/trusted-machine.ts";

const SRC = join(import.meta.dirname, "../../src");
const sources = readdirSync(SRC, { recursive: true, encoding: "utf8" })
	.filter((name) => name.endsWith(".ts"))
	.map((name) => ({ name, text: readFileSync(join(SRC, name), "utf8") }));

/** Files that hold a text. */
function filesWith(pattern: RegExp): readonly string[] {
	return sources.flatMap(({ name, text }) => (pattern.test(text) ? [name] : [])).sort();
}

test("A41 A42 A43 A45 A46 A47: no tool runs a command, takes a pattern, a working folder or an environment", () => {
	const parameters = Object.fromEntries(TOOLS.map(({ name, parameters: given }) => [name, Object.keys(given)]));
	expect(parameters).toEqual({
		list_files: ["path"],
		read_file: ["path", "start_line", "end_line"],
		search: ["text", "path"],
		write_file: ["path", "content"],
		edit_file: ["path", "old_text", "new_text"],
		delete_file: ["path"],
	});
});

test("A41 A42 A43: no shell anywhere; programs are started in these files alone, by an argument list", () => {
	expect(
		filesWith(/\bshell\s*:|\bexecSync\b|\bexec\(\s*[`"']|createTerminal\(\s*\{|sendText\(|new ShellExecution/),
	).toEqual([]);
	expect(filesWith(/^import (?!type\b).*from "node:child_process"/m)).toEqual([
		"node/engine-client.ts",
		"node/practice-process.ts",
		"node/probes/lint/ruff-server.ts",
		"node/probes/lint/syntax.ts",
		"node/probes/processes/process-runner.ts",
		"node/probes/tests/workers/worker-process.ts",
		"node/workspace/process-start.ts",
	]);
});

test("A52 A50: no pattern language is asked of a model, so none can be made to run for ever", () => {
	for (const { parameters } of TOOLS)
		for (const [name, { description }] of Object.entries(parameters))
			expect(`${name} ${description}`).not.toMatch(/glob|regex|pattern/i);
});

test("A76 A77: the editor's ring opens no port and answers no link", () => {
	expect(filesWith(/registerUriHandler|\bonUri\b|registerAuthenticationProvider/)).toEqual([]);
	expect(filesWith(/\bcreateServer\(/).filter((name) => !name.startsWith("practice"))).toEqual([]);
});

test("A26 A27: without trust every use of the machine is refused; with it, from the next use on, none", () => {
	const used: string[] = [];
	const machine = { openProbes: () => used.push("probes"), connectModel: () => used.push("model") };
	let isTrusted = false;
	const error = new UserError("untrusted", "not trusted", "Trust it.");
	const guarded = trustedMachine(
		machine,
		() => isTrusted,
		() => error,
	);
	const uses = [() => guarded.openProbes(), () => guarded.connectModel()];
	for (const use of uses) expect(use).toThrow(error);
	expect(used).toEqual([]);
	isTrusted = true;
	for (const use of uses) use();
	expect(used).toHaveLength(uses.length);
});

test("A26: the editor's ring has no other way to the machine than the guarded one", () => {
	const [extension] = sources.filter(({ name }) => name === "extension.ts");
	// The bare one is handed to the guard and to nothing else.
	expect(extension?.text.match(/\bjetbox\b(?!")/g)?.length).toBe(2);
	expect(extension?.text).toContain("trustedMachine(jetbox,");
});
