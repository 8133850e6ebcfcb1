import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { CatalogEntry } from "../../../../bench/projects/catalog.ts";
import { unpackProject } from "../../../../bench/projects/source-distribution.ts";
import { venvPython } from "../../../fixtures/venv.ts";

let cache: string;

beforeEach(() => {
	cache = mkdtempSync(join(tmpdir(), "jetbox-projects-"));
});
afterEach(() => rmSync(cache, { recursive: true, force: true }));

/** Puts an archive where a download would have; its entry of the catalog. */
function fetched(): CatalogEntry & { readonly archive: string } {
	const made = join(cache, "made", "sample-1.0");
	mkdirSync(made, { recursive: true });
	writeFileSync(join(made, "sample.py"), "x = 1\n");
	const folder = join(cache, "sample-1.0", "archive");
	mkdirSync(folder, { recursive: true });
	const archive = join(folder, "sample-1.0.tar.gz");
	execFileSync(venvPython, ["-m", "tarfile", "-c", archive, "sample-1.0"], { cwd: join(cache, "made") });
	const sha256 = createHash("sha256").update(readFileSync(archive)).digest("hex");
	return { name: "sample", version: "1.0", sha256, requirements: [], shape: "", archive };
}

test("a project that is there is not fetched again, and what an earlier run left in it is gone", async () => {
	const entry = fetched();
	const root = await unpackProject(venvPython, cache, entry);
	writeFileSync(join(root, "sample.py"), "x = 2\n");
	writeFileSync(join(root, "left.py"), "");
	expect(await unpackProject(venvPython, cache, entry)).toBe(root);
	expect(readFileSync(join(root, "sample.py"), "utf8")).toBe("x = 1\n");
	expect(existsSync(join(root, "left.py"))).toBe(false);
});

test("an archive that is not the pinned one is not unpacked, and the message says which and what to do", async () => {
	const { archive, ...entry } = fetched();
	const other = { ...entry, sha256: "0".repeat(64) };
	await expect(unpackProject(venvPython, cache, other)).rejects.toThrow(`instead of ${other.sha256}. Delete it`);
	expect(existsSync(join(cache, "sample-1.0", "source"))).toBe(false);
	expect(existsSync(archive)).toBe(true);
});
