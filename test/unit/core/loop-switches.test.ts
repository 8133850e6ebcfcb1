/** Each part of the loop that can be left out, left out: what the model is then sent, and what is then written. */
import { expect, test } from "vitest";
import { withoutSyntaxGate } from "../../../src/core/loop-switches.ts";
import { reportOfSketch } from "../../fakes/reports.ts";
import { createScriptedProbes } from "../../fakes/scripted-probes.ts";
import { FAILING, GREEN, READ, runWith, WRITE } from "../../fakes/scripted-run.ts";

const SIGNAL = new AbortController().signal;

async function requestsWith(loop: Parameters<typeof runWith>[0]["options"]) {
	const { model } = await runWith({
		reports: [FAILING, FAILING, GREEN],
		answers: [READ, WRITE],
		...(loop === undefined ? {} : { options: loop }),
	});
	const last = model.requests.at(-1);
	return { text: last?.messages.map(({ content }) => content).join("\n") ?? "", tools: last?.tools ?? [] };
}

test("without the delta, a later round tells only what fails now", async () => {
	expect((await requestsWith({})).text).toContain("since last round");
	expect((await requestsWith({ loop: { delta: false } })).text).not.toContain("since last round");
});

test("without the code's context, the first message names no file but in its findings", async () => {
	expect((await requestsWith({})).text).toContain("Project files");
	expect((await requestsWith({ loop: { codeContext: false } })).text).not.toContain("Project files");
});

test("without the edit tool, neither the tools nor the prompt name it", async () => {
	const withIt = await requestsWith({});
	expect(withIt.tools.map(({ name }) => name)).toContain("edit_file");
	const without = await requestsWith({ loop: { editTool: false } });
	expect(without.tools.map(({ name }) => name)).toEqual(
		withIt.tools.map(({ name }) => name).filter((name) => name !== "edit_file"),
	);
	expect(without.text).not.toContain("edit_file");
});

test("without the gate, every text parses; probes and fixes are as they were", async () => {
	const report = reportOfSketch(FAILING);
	const probes = createScriptedProbes([report], { delayMs: 0, fixLint: () => "fixed\n" });
	const open = withoutSyntaxGate(probes);
	expect(await open.checkSyntax("a.py", "def (", SIGNAL)).toBeNull();
	expect(await open.fixLint({ file: "a.py", text: "x\n", unsafe: false, formatted: [] }, SIGNAL)).toBe("fixed\n");
	expect(await open.probe({ scope: "full", fresh: false }, () => undefined, SIGNAL)).toEqual(report);
});
