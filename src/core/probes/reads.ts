/** What the code of each file was seen to read, asked from both ends: an edit wants its readers, among thousands of reads. */

export interface Reads {
	/** Files that this one's code opened, or looked for; a folder whose entries it listed ends with a slash, the root is `./`. */
	of(file: string): readonly string[];
	/** Files whose code opened this one, looked for it, or listed it. */
	readersOf(path: string): ReadonlySet<string>;
}

export interface ReadsRecord extends Reads {
	/** Adds to what is known of a file. */
	add(file: string, paths: readonly string[]): void;
	/** File -> what it read, for a later session. */
	entries(): readonly (readonly [file: string, paths: readonly string[]])[];
}

const NONE: ReadonlySet<string> = new Set();

export function createReads(known: Iterable<readonly [file: string, paths: readonly string[]]> = []): ReadsRecord {
	const reads = new Map<string, Set<string>>();
	const readers = new Map<string, Set<string>>();
	const note = (map: Map<string, Set<string>>, key: string, value: string) => {
		const values = map.get(key);
		if (values === undefined) map.set(key, new Set([value]));
		else values.add(value);
	};
	const add = (file: string, paths: readonly string[]) => {
		for (const path of paths) {
			note(reads, file, path);
			note(readers, path, file);
		}
	};
	for (const [file, paths] of known) add(file, paths);
	return {
		of: (file) => [...(reads.get(file) ?? NONE)],
		readersOf: (path) => readers.get(path) ?? NONE,
		add,
		entries: () => [...reads].map(([file, paths]) => [file, [...paths]]),
	};
}
