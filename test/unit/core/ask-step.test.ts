/** What a model call costs of the workspace before the model is asked. */
import { expect, test } from "vitest";
import type { ToolProtocol } from "../../../src/core/model/conversation.ts";
import { createMemoryWorkspace } from "../../fakes/memory-workspace.ts";
import { FAILING, GREEN, runWith } from "../../fakes/scripted-run.ts";

/** What is asked of the workspace from the probe's verdict to the model's answer, in order. */
async function askedBeforeAnswer(protocol: ToolProtocol): Promise<readonly string[]> {
	const asked: string[] = [];
	let counts = false;
	const memory = createMemoryWorkspace({ "a.py": "x = 1\n" });
	const note = (words: string) => {
		if (counts) asked.push(words);
	};
	await runWith({
		workspace: {
			...memory,
			read: (path, signal) => {
				note(`read ${path}`);
				return memory.read(path, signal);
			},
			list: (folder, limit, signal) => {
				note("list");
				return memory.list(folder, limit, signal);
			},
		},
		reports: [FAILING, GREEN],
		answers: ["Done."],
		model: { protocol },
		options: { task: "Fix a.py", maxRounds: 1, loop: { codeContext: false } },
		sinks: [
			({ type }) => {
				if (type === "verdict") counts = true;
				if (type === "model-finished") counts = false;
			},
		],
	});
	return asked;
}

test("the files in play are read once for a message and its answer", async () => {
	expect(await askedBeforeAnswer("native")).toEqual(["list", "read a.py"]);
});

test("the workspace is listed once more only where a schema holds the answer to its tools", async () => {
	expect(await askedBeforeAnswer("schema")).toEqual(["list", "read a.py", "list"]);
});
