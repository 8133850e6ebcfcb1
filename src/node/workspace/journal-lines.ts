/** The lines of a journal's manifest, and their guard: a file that was cut or damaged loses lines, never sense. */

export const JOURNAL_VERSION = 2;

/** What stood at a path: its kind, and for a file what makes it the same file again. */
export type FileState =
	| { readonly kind: "absent" }
	| {
			readonly kind: "file";
			/** sha256 of the bytes, the name of the blob that holds them. */
			readonly hash: string;
			/** Permission bits. */
			readonly mode: number;
			readonly owner: { readonly uid: number; readonly gid: number };
	  };

export type JournalLine =
	/** Always the first. */
	| { readonly kind: "journal"; readonly version: number; readonly root: string }
	/** As the path was before a round (null: before an undo) first touched it. */
	| {
			readonly kind: "before";
			readonly round: number | null;
			readonly path: string;
			readonly state: FileState;
			/** Folders made for this file, outermost first, workspace-relative. */
			readonly madeFolders: readonly string[];
	  }
	/** What is about to stand there: sha256, or null for nothing. */
	| { readonly kind: "after"; readonly path: string; readonly hash: string | null }
	/** What the last `after` of the path announced stands. */
	| { readonly kind: "done"; readonly path: string; readonly mode: number | null }
	/** A round, or with null the whole run, was undone. */
	| { readonly kind: "undone"; readonly round: number | null };

/** Null for what is no line of ours. */
export function parseLine(text: string): JournalLine | null {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		return null;
	}
	if (typeof value !== "object" || value === null || !("kind" in value)) return null;
	switch (value.kind) {
		case "journal":
			return "version" in value && isCount(value.version) && "root" in value && typeof value.root === "string"
				? { kind: "journal", version: value.version, root: value.root }
				: null;
		case "before": {
			if (!("path" in value) || typeof value.path !== "string" || !("round" in value) || !isRound(value.round))
				return null;
			const state = "state" in value ? parseState(value.state) : null;
			if (state === null || !("madeFolders" in value) || !isTexts(value.madeFolders)) return null;
			return { kind: "before", round: value.round, path: value.path, state, madeFolders: value.madeFolders };
		}
		case "after":
			return "path" in value && typeof value.path === "string" && "hash" in value && isHashOrNull(value.hash)
				? { kind: "after", path: value.path, hash: value.hash }
				: null;
		case "done":
			return "path" in value && typeof value.path === "string" && "mode" in value && isModeOrNull(value.mode)
				? { kind: "done", path: value.path, mode: value.mode }
				: null;
		case "undone":
			return "round" in value && isRound(value.round) ? { kind: "undone", round: value.round } : null;
		default:
			return null;
	}
}

function parseState(value: unknown): FileState | null {
	if (typeof value !== "object" || value === null || !("kind" in value)) return null;
	if (value.kind === "absent") return { kind: "absent" };
	if (value.kind !== "file" || !("hash" in value) || !("mode" in value) || !("owner" in value)) return null;
	const { hash, mode, owner } = value;
	if (typeof hash !== "string" || !isHash(hash) || !isMode(mode)) return null;
	if (typeof owner !== "object" || owner === null || !("uid" in owner) || !("gid" in owner)) return null;
	const { uid, gid } = owner;
	return isCount(uid) && isCount(gid) ? { kind: "file", hash, mode, owner: { uid, gid } } : null;
}

function isHash(text: string): boolean {
	return /^[0-9a-f]{64}$/.test(text);
}

function isHashOrNull(value: unknown): value is string | null {
	return value === null || (typeof value === "string" && isHash(value));
}

function isMode(value: unknown): value is number {
	return isCount(value) && value <= 0o7777;
}

function isModeOrNull(value: unknown): value is number | null {
	return value === null || isMode(value);
}

function isRound(value: unknown): value is number | null {
	return value === null || isCount(value);
}

function isCount(value: unknown): value is number {
	return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isTexts(value: unknown): value is readonly string[] {
	return Array.isArray(value) && value.every((item) => typeof item === "string");
}
