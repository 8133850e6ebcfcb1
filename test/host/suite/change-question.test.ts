/** The question beside the diff, in a real editor. That over the diff is a dialog, which the editor shows to no test here: test/ui/approvals.mjs. */
import assert from "node:assert/strict";
import { commands } from "vscode";
import type { ApprovalRequest } from "../../../src/core/ports.ts";
import { askBesideDiff } from "../../../src/vscode/change-question.ts";
import { until } from "./editor.ts";

const REQUEST: ApprovalRequest = {
	change: { kind: "create", path: "new.py", text: "x = 1\n" },
	before: "",
	why: "jetbox.approve says so",
};
const { signal: never } = new AbortController();

suite("The question beside the diff of a change", () => {
	/** Presses again until the answer is there: the list comes a moment later. */
	async function after(press: string, signal: AbortSignal): Promise<string | null> {
		let answer: { readonly is: string | null } | null = null;
		const asked = askBesideDiff(REQUEST, signal).then((is) => {
			answer = { is };
			return is;
		});
		await until(`${press} ended the question`, () => {
			void commands.executeCommand(press);
			return answer !== null;
		});
		return asked;
	}

	test("Enter alone applies nothing; leaving it is no answer", async () => {
		assert.equal(await after("workbench.action.acceptSelectedQuickOpenItem", never), "refused");
		assert.equal(await after("workbench.action.closeQuickOpen", never), null);
	});

	test("the end of the run ends it", async () => {
		const run = new AbortController();
		const asked = askBesideDiff(REQUEST, run.signal);
		const ended = new DOMException("Stopped by you.", "AbortError");
		run.abort(ended);
		await assert.rejects(asked, ended);
		await assert.rejects(askBesideDiff(REQUEST, run.signal), ended);
	});
});
