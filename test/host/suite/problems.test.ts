/** What stands in the Problems panel while a probe runs, and after it. */
import assert from "node:assert/strict";
import { languages, Uri } from "vscode";
import type { RunEvent } from "../../../src/core/events.ts";
import { Problems } from "../../../src/vscode/problems.ts";
import { failingTest } from "../../fakes/reports.ts";
import { at } from "./editor.ts";

const HERE = "problem-cases/test_a.py";
const ELSEWHERE = "problem-cases/test_b.py";

suite("Problems", () => {
	let problems: Problems;
	const shown = (file: string) =>
		languages.getDiagnostics(Uri.file(at(file))).map(({ message }) => message.split("\n", 1)[0]);
	const tell = (...bodies: readonly RunEventWithoutPlace[]) => {
		for (const body of bodies) problems.onEvent(at("."), { ...body, seq: 0, at: 0, round: 1 });
	};
	const finished = (...messages: readonly string[]): RunEventWithoutPlace => ({
		...{ type: "probe-finished", probe: "pytest", scope: "affected", wave: "A", form: "forked", cache: "miss" },
		...{ why: "", durationMs: 1, status: "findings" },
		findings: messages.map((message) => failingTest(`${HERE}::${message}`, message)),
	});
	const failing = (file: string, message: string): RunEventWithoutPlace => ({
		type: "probe-failing",
		finding: failingTest(`${file}::${message}`, message),
	});

	setup(() => {
		problems = new Problems();
	});
	teardown(() => problems.dispose());

	test("have the first failing test while others run, beside what was known, and exactly the rest at the end", () => {
		tell(finished("old"));
		tell(failing(HERE, "new"), failing(ELSEWHERE, "other"));
		assert.deepEqual(shown(HERE), ["old", "new"]);
		assert.deepEqual(shown(ELSEWHERE), ["other"]);
		tell(finished("new", "newer"));
		assert.deepEqual(shown(HERE), ["new", "newer"]);
		assert.deepEqual(shown(ELSEWHERE), []);
	});

	test("have one that failed before once, with what it says now", () => {
		const testId = `${HERE}::same`;
		tell(finished("same"), { type: "probe-failing", finding: { ...failingTest(testId, "now"), testId } });
		assert.deepEqual(shown(HERE), ["now"]);
	});

	test("have none of a file outside the folder", () => {
		tell(failing("../outside.py", "no"));
		assert.deepEqual(shown("../outside.py"), []);
	});
});

type RunEventWithoutPlace =
	| Omit<Extract<RunEvent, { type: "probe-failing" }>, "seq" | "at" | "round">
	| Omit<Extract<RunEvent, { type: "probe-finished"; status: "findings" | "clean" }>, "seq" | "at" | "round">;
