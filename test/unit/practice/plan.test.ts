import { expect, test } from "vitest";
import { asPlan } from "../../../src/practice/plan.ts";

const READ = { name: "read_file", arguments: { path: "a.py" } };
const EDIT = { name: "edit_file", arguments: { path: "a.py", old_text: "return 1 + 2", new_text: "return 1 + 3" } };

test("where nothing can be changed, the next repairs are told in words", () => {
	const plan = asPlan({ content: "Try", calls: [EDIT, { ...EDIT, arguments: { ...EDIT.arguments, path: "b.py" } }] }, [
		"read_file",
	]);
	expect(plan.calls).toEqual([]);
	expect(plan.content).toMatch(/^1\. In a\.py, .*return 1 \+ 2.*return 1 \+ 3.*2\. In b\.py/s);
});

test("with the tool, without edits, or where no tools are named, the answer stands", () => {
	const answer = { content: "Try", calls: [EDIT] };
	expect(asPlan(answer, ["read_file", "edit_file"])).toBe(answer);
	expect(asPlan(answer, [])).toBe(answer);
	const reading = { content: "Reading", calls: [READ] };
	expect(asPlan(reading, ["read_file"])).toBe(reading);
});
