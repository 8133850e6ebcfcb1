/** Answers by content: the same key is the same answer, at any time. No time-to-live. */

export interface ResultCache<T> {
	get(key: string): T | null;
	set(key: string, value: T): void;
	/** Oldest first. */
	entries(): readonly (readonly [key: string, value: T])[];
}

/** Keeps the most recently used answers. An undo brings an older content back, so more than one is worth keeping. */
export function createResultCache<T>(capacity: number): ResultCache<T> {
	const kept = new Map<string, T>();
	return {
		get(key) {
			const value = kept.get(key);
			if (value === undefined) return null;
			kept.delete(key);
			kept.set(key, value);
			return value;
		},
		set(key, value) {
			kept.delete(key);
			kept.set(key, value);
			const oldest = kept.keys().next();
			if (kept.size > capacity && oldest.done !== true) kept.delete(oldest.value);
		},
		entries: () => [...kept],
	};
}

/** What a probe is compared with: the one before it, what an earlier session knew, or nothing. */
export type ComparedWith = "probe-before" | "earlier-session" | "nothing";

/** What changed, in words for people. */
export function changeWords(before: ComparedWith, changed: readonly string[]): string {
	if (before === "nothing") return "first probe";
	const since = before === "earlier-session" ? " since an earlier session" : "";
	if (changed.length === 0) return `unchanged${since}`;
	return `${changed.length === 1 ? "1 file" : `${changed.length} files`} changed${since}`;
}
