/** Reading one file outside a run goes through the gate of a run's tools. */
import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readTextIn } from "../../../../src/node/workspace/text-file.ts";
import { temporaryWorkspace } from "../../../fixtures/workspace.ts";

test("a file is read by its path, without a BOM", async () => {
	const root = temporaryWorkspace({ "pkg/a.py": "\ufeffx = 1\r\n" });
	expect(await readTextIn(root, "pkg/a.py")).toMatchObject({ path: "pkg/a.py", text: "x = 1\r\n" });
});

test("A01 A04: a way out, a link out, a binary and a file that is not there are refused", async () => {
	const outside = temporaryWorkspace({ "key.txt": "CANARY" });
	const root = temporaryWorkspace({ "a.py": "" });
	symlinkSync(join(outside, "key.txt"), join(root, "link.txt"));
	writeFileSync(join(root, "data.bin"), Buffer.from([0, 1, 2, 0]));
	const refusals: readonly (readonly [path: string, code: string])[] = [
		["../key.txt", "outside"],
		[join(outside, "key.txt"), "outside"],
		["link.txt", "outside"],
		["data.bin", "binary"],
		["none.py", "missing"],
	];
	for (const [path, code] of refusals) await expect(readTextIn(root, path), path).rejects.toMatchObject({ code });
});
