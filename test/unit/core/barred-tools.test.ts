/** Which tools a schema leaves out, so that a small model's answer can only be of use. */
import { expect, test } from "vitest";
import { barredTools, type Situation } from "../../../src/core/barred-tools.ts";

const SHORT = { path: "a.py", text: "x = 1\n", known: false };
const LONG = { path: "b.py", text: "x = 1\n".repeat(100), known: true };
const TASK = "Make the failing tests pass.";

const barred = (situation: Partial<Situation>) =>
	barredTools({ task: TASK, files: [SHORT], projectFiles: 100, wantWhole: false, mustChange: true, ...situation });

test("short files go whole; one long file among them may be edited", () => {
	expect(barred({})).toContain("edit_file");
	expect(barred({ files: [{ path: "new.py", text: null, known: true }] })).toContain("edit_file");
	expect(barred({ files: [SHORT, LONG] })).not.toContain("edit_file");
	expect(barred({ files: [] })).not.toContain("edit_file");
});

test("after edits in vain the file goes whole, however long it is", () => {
	expect(barred({ files: [LONG], wantWhole: true })).toContain("edit_file");
});

test("a small project is not searched, a larger one is", () => {
	expect(barred({ projectFiles: 5 })).toEqual(expect.arrayContaining(["list_files", "search"]));
	expect(barred({ projectFiles: 40 })).not.toContain("search");
});

test.each(["Delete the old parser", "Rename shelf to rack", "Entferne die alte Klasse", "删除旧文件"])(
	"%s may delete a file, another task may not",
	(task) => {
		expect(barred({ task, projectFiles: 40 })).not.toContain("delete_file");
		expect(barred({ projectFiles: 40 })).toContain("delete_file");
	},
);

test("writing always stays", () => {
	expect(barred({ projectFiles: 1, wantWhole: true })).not.toContain("write_file");
});

test("what lies before the model whole is not read again, where something fails in a small project", () => {
	const known = { ...SHORT, known: true };
	expect(barred({ files: [known, LONG], projectFiles: 5 })).toContain("read_file");
	expect(barred({ files: [known, SHORT], projectFiles: 5 })).not.toContain("read_file");
	expect(barred({ files: [], projectFiles: 5 })).not.toContain("read_file");
	expect(barred({ files: [known], projectFiles: 40 })).not.toContain("read_file");
	expect(barred({ files: [known], projectFiles: 5, mustChange: false })).not.toContain("read_file");
});
