/** Edits of the benchmark: each is another text of another size, and none is a finding by itself. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createEdits } from "../../../bench/edits.ts";
import { temporaryWorkspace } from "../../fixtures/workspace.ts";

const MAX_LINE_CHARS = 88;

test("each edit is longer than the one before, and no line of it is too long", () => {
	const root = temporaryWorkspace({ "a.py": "X = 1\n" });
	const edits = createEdits(root, "a.py", { from: "X = 1", to: "X = 2" });
	const text = () => readFileSync(join(root, "a.py"), "utf8");
	let length = text().length;
	for (let count = 0; count < 200; count += 1) {
		if (count % 2 === 0) edits.pass();
		else edits.break();
		expect(text().length).toBeGreaterThan(length);
		expect(
			Math.max(
				...text()
					.split("\n")
					.map((line) => line.length),
			),
		).toBeLessThanOrEqual(MAX_LINE_CHARS);
		length = text().length;
	}
	edits.restore();
	expect(text()).toBe("X = 1\n");
});
