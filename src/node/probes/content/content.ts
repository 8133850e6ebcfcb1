/** What a workspace holds at one moment. Two looks that saw the same give the same object, so that `===` says "unchanged". */
import type { FileChange } from "../../../core/probes/affected.ts";
import type { KeptDifferences, KeptFile } from "../../../core/probes/kept-answers.ts";

/** Workspace-relative paths with forward slashes -> identity of the content. */
export type Content = ReadonlyMap<string, string>;

/** Every part of a probe asks what changed between the same two. */
const compared = new WeakMap<Content, WeakMap<Content, readonly string[]>>();

/** Paths that differ between two contents, sorted. */
export function changesBetween(before: Content, after: Content): readonly string[] {
	if (before === after) return [];
	return compared.get(before)?.get(after) ?? remember(before, after, compare(before, after));
}

function remember(before: Content, after: Content, changed: readonly string[]): readonly string[] {
	const withBefore = compared.get(before) ?? new WeakMap<Content, readonly string[]>();
	compared.set(before, withBefore.set(after, changed));
	return changed;
}

function compare(before: Content, after: Content): readonly string[] {
	const changed: string[] = [];
	for (const [path, hash] of after) if (before.get(path) !== hash) changed.push(path);
	for (const path of before.keys()) if (!after.has(path)) changed.push(path);
	return changed.sort();
}

/** How a path that differs between two contents came to. */
export function changeOf(path: string, before: Content, after: Content): FileChange {
	return { path, kind: before.has(path) ? (after.has(path) ? "modified" : "deleted") : "created" };
}

/** The content that an earlier session saw. */
export function contentOfKept(files: readonly KeptFile[]): Content {
	return new Map(files.map(({ path, hash }) => [path, hash]));
}

/** How another content differs from this one. */
export function differencesOf(content: Content, other: Content): KeptDifferences {
	return changesBetween(content, other).map((path) => [path, other.get(path) ?? null]);
}

/** The other content again; the same where nothing differs. What changed between the two need not be looked for. */
export function withDifferences(content: Content, differences: KeptDifferences): Content {
	const changed = differences.filter(([path, hash]) => (content.get(path) ?? null) !== hash);
	if (changed.length === 0) return content;
	const other = new Map(content);
	for (const [path, hash] of changed) {
		if (hash === null) other.delete(path);
		else other.set(path, hash);
	}
	remember(content, other, changed.map(([path]) => path).sort());
	return other;
}
