/** The lines of a journal's manifest, and their guard: a file that was cut or damaged loses lines, never sense. */

export interface JournalEntry {
	readonly path: string;
	/** sha256 of the bytes before the run, the name of the blob that holds them; null: there was no such file. */
	readonly before: string | null;
	readonly mode: number | null;
	/** Folders that the run made for this file, outermost first, workspace-relative. */
	readonly madeFolders: readonly string[];
}

export type JournalLine =
	| ({ readonly kind: "before" } & JournalEntry)
	| { readonly kind: "after"; readonly path: string; readonly after: string | null }
	/** What the last `after` of the path announced is done. */
	| { readonly kind: "done"; readonly path: string }
	| { readonly kind: "undone" };

/** Null for what is no line of ours. */
export function parseLine(line: string): JournalLine | null {
	let value: unknown;
	try {
		value = JSON.parse(line);
	} catch {
		return null;
	}
	if (typeof value !== "object" || value === null || !("kind" in value)) return null;
	if (value.kind === "undone") return { kind: "undone" };
	if (!("path" in value) || typeof value.path !== "string") return null;
	if (value.kind === "done") return { kind: "done", path: value.path };
	if (value.kind === "after" && "after" in value && isHash(value.after))
		return { kind: "after", path: value.path, after: value.after };
	if (value.kind !== "before" || !("before" in value) || !isHash(value.before) || !("mode" in value)) return null;
	const folders = "madeFolders" in value && Array.isArray(value.madeFolders) ? value.madeFolders : [];
	return {
		kind: "before",
		path: value.path,
		before: value.before,
		mode: typeof value.mode === "number" ? value.mode : null,
		madeFolders: folders.filter((folder): folder is string => typeof folder === "string"),
	};
}

function isHash(value: unknown): value is string | null {
	return value === null || (typeof value === "string" && /^[0-9a-f]{64}$/.test(value));
}
