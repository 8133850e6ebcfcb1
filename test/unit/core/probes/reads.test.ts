/** Reads asked from both ends say the same. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { createReads } from "../../../../src/core/probes/reads.ts";

test("who reads a file is who was seen to read it, whatever was added and in which order", () => {
	const name = fc.constantFrom<string>("a.py", "b.py", "data/", "./", "data/x.json");
	const seen = fc.array(fc.tuple(name, fc.array(name, { maxLength: 4 })), { maxLength: 8 });
	fc.assert(
		fc.property(seen, seen, (before, since) => {
			const reads = createReads(before);
			for (const [file, paths] of since) reads.add(file, paths);
			const all = [...before, ...since];
			for (const path of ["a.py", "b.py", "data/", "./", "data/x.json", "nowhere"]) {
				const readers = all.filter(([, paths]) => paths.includes(path)).map(([file]) => file);
				expect([...reads.readersOf(path)].sort()).toEqual([...new Set(readers)].sort());
				const read = all.filter(([file]) => file === path).flatMap(([, paths]) => paths);
				expect([...reads.of(path)].sort()).toEqual([...new Set(read)].sort());
			}
			const again = createReads(reads.entries());
			expect(again.entries()).toEqual(reads.entries());
		}),
	);
});
