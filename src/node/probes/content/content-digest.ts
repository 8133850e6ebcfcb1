/**
 * Digests of the parts of a content that a probe depends on: the sum of one hash a file, so that from one content to the next only
 * what changed is counted, however large the workspace.
 */
import { createHash } from "node:crypto";
import { isBeyond, isPythonSource } from "../../../core/probes/inputs.ts";
import { configuresLint, isLintedSource, type LintReach, lintReachOf } from "../lint/lint-reach.ts";
import { type Content, changesBetween } from "./content.ts";

export type ContentPart = "lint" | "lint-config" | "tests" | "sources";

const PARTS: readonly (readonly [part: ContentPart, holds: (path: string, reach: LintReach) => boolean])[] = [
	["lint", (path, reach) => isLintedSource(reach, path) || configuresLint(reach, path)],
	["lint-config", (path, reach) => configuresLint(reach, path)],
	["tests", (path) => !isBeyond(path)],
	["sources", isPythonSource],
];
/** Sums of shorter hashes can be made to meet (Wagner, A Generalized Birthday Problem, 2002). */
const HASH = "sha512";
const HASH_BITS = 512;

type Sums = Readonly<Record<ContentPart, bigint>>;

const known = new WeakMap<Content, Sums>();

/** The same for two contents where no file of the part differs, and no others. */
export function contentDigest(content: Content, part: ContentPart): string {
	const sums = known.get(content) ?? sumsOf(content);
	known.set(content, sums);
	return sums[part].toString(16);
}

/** Makes the digests of a content from those of the one before it, where they are known. */
export function carryDigests(before: Content, after: Content): void {
	const sums = known.get(before);
	if (sums === undefined || known.has(after) || lintReachOf(before) !== lintReachOf(after)) return;
	const changed = changesBetween(before, after);
	known.set(after, added(added(sums, before, changed, -1n), after, changed, 1n));
}

function sumsOf(content: Content): Sums {
	return added({ lint: 0n, "lint-config": 0n, tests: 0n, sources: 0n }, content, content.keys(), 1n);
}

function added(sums: Sums, content: Content, paths: Iterable<string>, sign: 1n | -1n): Sums {
	const next = { ...sums };
	const reach = lintReachOf(content);
	for (const path of paths) {
		const identity = content.get(path);
		if (identity === undefined) continue;
		const hash = sign * BigInt(`0x${createHash(HASH).update(`${path}\0${identity}`).digest("hex")}`);
		for (const [part, holds] of PARTS)
			if (holds(path, reach)) next[part] = BigInt.asUintN(HASH_BITS, next[part] + hash);
	}
	return next;
}
