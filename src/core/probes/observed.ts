/** What the recorder (src/python/jetbox_recorder.py) sees files of the workspace do. */

/**
 * Why a file's tests must always count as affected: what they depend on cannot be told from imports and reads. Of `named-import`
 * (loaded by a name that stands in the file's text) it can, where the import graph has what was loaded.
 */
export const UNFOLLOWED = ["subprocess", "exec", "computed-import", "environment", "network", "named-import"] as const;
export type Unfollowed = (typeof UNFOLLOWED)[number];

/** What code of one workspace file was seen to do, while it was loaded and while it ran. */
export interface Observed {
	/** Workspace-relative files it opened, also such as were not there; a folder whose entries it listed ends with a slash, the root is `./`. */
	readonly reads: readonly string[];
	readonly unfollowed: readonly Unfollowed[];
	/** Workspace-relative files that it opened for writing, moved or removed. */
	readonly writes: readonly string[];
}
