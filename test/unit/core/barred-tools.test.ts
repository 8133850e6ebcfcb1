/** Which tools a schema leaves out, so that a small model's answer can only be of use. */
import { expect, test } from "vitest";
import { barredTools } from "../../../src/core/barred-tools.ts";

const SHORT = { path: "a.py", text: "x = 1\n", known: false };
const LONG = { path: "b.py", text: "x = 1\n".repeat(100), known: true };
const TASK = "Make the failing tests pass.";

test("short files go whole; one long file among them may be edited", () => {
	expect(barredTools(TASK, [SHORT], 100, false, true)).toContain("edit_file");
	expect(barredTools(TASK, [{ path: "new.py", text: null, known: true }], 100, false, true)).toContain("edit_file");
	expect(barredTools(TASK, [SHORT, LONG], 100, false, true)).not.toContain("edit_file");
	expect(barredTools(TASK, [], 100, false, true)).not.toContain("edit_file");
});

test("after edits in vain the file goes whole, however long it is", () => {
	expect(barredTools(TASK, [LONG], 100, true, true)).toContain("edit_file");
});

test("a small project is not searched, a larger one is", () => {
	expect(barredTools(TASK, [SHORT], 5, false, true)).toEqual(expect.arrayContaining(["list_files", "search"]));
	expect(barredTools(TASK, [SHORT], 40, false, true)).not.toContain("search");
});

test.each(["Delete the old parser", "Rename shelf to rack", "Entferne die alte Klasse", "删除旧文件"])(
	"%s may delete a file, another task may not",
	(task) => {
		expect(barredTools(task, [SHORT], 40, false, true)).not.toContain("delete_file");
		expect(barredTools(TASK, [SHORT], 40, false, true)).toContain("delete_file");
	},
);

test("writing always stays", () => {
	expect(barredTools(TASK, [SHORT], 1, true, true)).not.toContain("write_file");
});

test("what lies before the model whole is not read again, where something fails in a small project", () => {
	const known = { ...SHORT, known: true };
	expect(barredTools(TASK, [known, LONG], 5, false, true)).toContain("read_file");
	expect(barredTools(TASK, [known, SHORT], 5, false, true)).not.toContain("read_file");
	expect(barredTools(TASK, [], 5, false, true)).not.toContain("read_file");
	expect(barredTools(TASK, [known], 40, false, true)).not.toContain("read_file");
	expect(barredTools(TASK, [known], 5, false, false)).not.toContain("read_file");
});
