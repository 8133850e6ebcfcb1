/** Which tests a change can affect. Wider than needed is slow; narrower is wrong: where nothing is known, it is all of them. */
import { type ImportGraph, importersOf, reachedFrom, reaching } from "./import-graph.ts";
import { isBeyond, isPythonSource, isTestConfig, isTestFile } from "./inputs.ts";
import type { Unfollowed } from "./observed.ts";
import type { Reads } from "./reads.ts";

/** A listing of the workspace itself, as it is recorded. */
const ROOT = "./";

export interface FileChange {
	readonly path: string;
	readonly kind: "created" | "modified" | "deleted";
}

/** What earlier runs taught, beside the graph. */
export interface Lore {
	/** Files in which tests were collected. */
	readonly testFiles: ReadonlySet<string>;
	readonly reads: Reads;
	/** File -> what it did that cannot be followed. */
	readonly unfollowed: ReadonlyMap<string, readonly Unfollowed[]>;
	/** Changed file -> test files that failed after it against the graph's word. */
	readonly learned: ReadonlyMap<string, readonly string[]>;
	/** Whether every new module may hold tests: the project has patterns of its own. */
	readonly ownPatterns: boolean;
}

export type Affected =
	| {
			readonly kind: "some";
			/** Test files that changed, or import what did. */
			readonly direct: ReadonlySet<string>;
			/** All, the direct ones among them. */
			readonly all: ReadonlySet<string>;
	  }
	| { readonly kind: "all"; readonly why: string };

/**
 * @param graphs before the change and after it: an import that went may have mattered as well as one that came
 */
export function affectedTests(changes: readonly FileChange[], graphs: readonly ImportGraph[], lore: Lore): Affected {
	const everything = changes.map((change) => whyAll(change, graphs, lore)).find((why) => why !== null);
	if (everything !== undefined) return { kind: "all", why: everything };

	const isTest = (file: string) => lore.testFiles.has(file);
	const sources = changes.filter(({ path }) => isPythonSource(path)).map(({ path }) => path);
	const readers = [
		...changes.flatMap((change) => readersOf(change, lore)),
		...graphs.flatMap((graph) => readersOfAny(reaching(graph, sources), lore)),
	];
	const direct = new Set(changes.map(({ path }) => path).filter((path) => isTest(path) || mayHoldTests(path, lore)));
	const all = new Set(direct);
	for (const graph of graphs) {
		const importers = importersOf(graph);
		for (const source of sources) for (const file of importers.get(source) ?? []) if (isTest(file)) direct.add(file);
		for (const file of reaching(graph, [...sources, ...readers, ...boundless(graph, lore)])) {
			if (isTest(file)) all.add(file);
		}
	}
	for (const reader of readers) if (isTest(reader)) all.add(reader);
	for (const file of lore.unfollowed.keys()) {
		if (isTest(file) && graphs.some((graph) => actsOf(file, graph, lore).some(isBoundlessInTest))) all.add(file);
	}
	for (const { path } of changes) for (const file of lore.learned.get(path) ?? []) all.add(file);
	for (const file of direct) all.add(file);
	return { kind: "some", direct, all };
}

function whyAll(change: FileChange, graphs: readonly ImportGraph[], lore: Lore): string | null {
	const { path, kind } = change;
	if (isBeyond(path)) return null;
	if (isTestConfig(path)) return `${path} changed`;
	if (isPythonSource(path)) {
		const isConftest = path === "conftest.py" || path.endsWith("/conftest.py");
		if (isConftest) return `${path} changed`;
		return graphs.some((graph) => graph.imports.has(path)) ? null : `${path} is in no import graph`;
	}
	if (lore.testFiles.has(path)) return null;
	if (kind !== "modified") return `${path} was ${kind}, and tests may look for it`;
	return readersOf(change, lore).length > 0 ? null : `it is not known who reads ${path}`;
}

/** Files that opened this one, or listed a folder: the one that it lies in, and, where it came or went, each above that. */
function readersOf({ path, kind }: FileChange, { reads }: Lore): readonly string[] {
	const folders = foldersAbove(path);
	// Who listed the root is not known to have read all that lies there.
	const listed = kind === "modified" ? folders.slice(0, 1).filter((folder) => folder !== ROOT) : folders;
	return [path, ...listed].flatMap((read) => [...reads.readersOf(read)]);
}

/** The nearest first, named as their listings are recorded. A walk that began above a new folder could not list it. */
function foldersAbove(path: string): readonly string[] {
	const parts = path.split("/").slice(0, -1);
	return [...parts.map((_, index) => `${parts.slice(0, parts.length - index).join("/")}/`), ROOT];
}

/** Files that opened one of these: a plugin that changes with what it imports. */
function readersOfAny(paths: ReadonlySet<string>, { reads }: Lore): readonly string[] {
	return [...paths].flatMap((path) => [...reads.readersOf(path)]);
}

/** Files that load what nobody can tell: whatever reaches them is affected by every change. */
function boundless(graph: ImportGraph, lore: Lore): readonly string[] {
	const acting = [...lore.unfollowed.keys()].filter((file) => actsOf(file, graph, lore).some(isBoundlessInModule));
	return [...graph.opaque, ...acting];
}

/** What a file did that cannot be followed in this graph: loading by a name in its text can, where the graph leads to all that it loaded. */
function actsOf(file: string, graph: ImportGraph, { unfollowed, reads }: Lore): readonly Unfollowed[] {
	const acts = unfollowed.get(file) ?? [];
	if (!acts.includes("named-import")) return acts;
	const loaded = reads.of(file).filter(isPythonSource);
	const reached = reachedFrom(graph, file);
	return loaded.every((path) => reached.has(path)) ? acts.filter((act) => act !== "named-import") : acts;
}

/** The environment is part of what a record is valid for, so that reading it binds nothing further. */
function isBoundlessInTest(act: Unfollowed): boolean {
	return act !== "environment";
}

/**
 * What a module does when it is called is told of the test that called it, too; what counts here is what it does when it is
 * imported, which only the first test that comes by is seen to do. Text that a module makes and runs is no file's.
 */
function isBoundlessInModule(act: Unfollowed): boolean {
	return act === "computed-import" || act === "named-import" || act === "subprocess" || act === "network";
}

function mayHoldTests(path: string, { ownPatterns }: Lore): boolean {
	return isPythonSource(path) && (ownPatterns || isTestFile(path));
}
