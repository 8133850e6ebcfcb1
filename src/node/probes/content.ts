/** What a workspace holds at one moment. Two looks that saw the same give the same object, so that `===` says "unchanged". */

/** Workspace-relative paths with forward slashes -> identity of the content. */
export type Content = ReadonlyMap<string, string>;

/** Paths that differ between two contents, sorted. */
export function changesBetween(before: Content, after: Content): readonly string[] {
	if (before === after) return [];
	const changed = [...after].filter(([path, hash]) => before.get(path) !== hash).map(([path]) => path);
	const gone = [...before.keys()].filter((path) => !after.has(path));
	return [...changed, ...gone].sort();
}
