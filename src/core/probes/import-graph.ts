/**
 * Which Python file can be touched by which: `ruff analyze graph`, completed. As it comes it is not safe to choose tests by; added
 * are the `__init__.py` above each module, the `conftest.py` above each test, all files that go by one module name, and the
 * files that ruff could not read.
 */
import { isRecord } from "../json-record.ts";
import { isPythonSource } from "./inputs.ts";

export interface ImportGraph {
	/** File -> files that loading it loads, directly; each file of the workspace has an entry. */
	readonly imports: ReadonlyMap<string, readonly string[]>;
	/** Files whose imports are not known: they may load anything. */
	readonly opaque: ReadonlySet<string>;
}

/** The output of `ruff analyze graph`: file -> files it imports. */
export type RawGraph = ReadonlyMap<string, readonly string[]>;

/**
 * @param relative a path as ruff prints it -> workspace-relative with forward slashes
 * @returns null where it has another shape: a ruff of another age
 */
export function parseRawGraph(output: string, relative: (path: string) => string): RawGraph | null {
	try {
		const value: unknown = JSON.parse(output);
		if (!isRecord(value)) return null;
		const raw = new Map<string, readonly string[]>();
		for (const [file, targets] of Object.entries(value)) {
			if (!isTexts(targets)) return null;
			raw.set(relative(file), targets.map(relative));
		}
		return raw;
	} catch {
		return null;
	}
}

function isTexts(value: unknown): value is readonly string[] {
	return Array.isArray(value) && value.every((entry) => typeof entry === "string");
}

/**
 * @param files all files of the workspace
 * @param unparsed files with a syntax error: ruff gives them no imports
 * @param before the graph before this one; what cannot be parsed now keeps the imports it had
 */
export function completeGraph(
	files: Iterable<string>,
	raw: RawGraph,
	unparsed: ReadonlySet<string>,
	before: ImportGraph | null,
): ImportGraph {
	const sources = [...files].filter(isPythonSource);
	const present = new Set(sources);
	const alike = namesakes(sources);
	const imports = new Map<string, readonly string[]>();
	const opaque = new Set<string>();
	for (const file of sources) {
		const known = raw.get(file);
		if (known === undefined) opaque.add(file);
		const targets = new Set<string>(unparsed.has(file) ? before?.imports.get(file) : []);
		for (const target of known ?? []) for (const same of alike.get(target) ?? [target]) targets.add(same);
		for (const folder of foldersAbove(file)) {
			for (const name of ["__init__.py", "__init__.pyi", "conftest.py"]) {
				if (present.has(folder + name)) targets.add(folder + name);
			}
		}
		targets.delete(file);
		imports.set(file, [...targets]);
	}
	return { imports, opaque };
}

/** Folders from which modules may be imported: above each topmost package, and above each module outside of packages. */
export function importRoots(files: Iterable<string>): readonly string[] {
	const sources = [...files].filter(isPythonSource);
	const packages = packageFolders(sources);
	const roots = new Set<string>([""]);
	for (const file of sources) {
		let folder = folderOf(file);
		while (packages.has(folder)) folder = parentOf(folder);
		for (;;) {
			if (roots.has(folder)) break;
			roots.add(folder);
			folder = parentOf(folder);
		}
	}
	return [...roots].sort();
}

/** Files beneath which something can reach the given ones, and the given ones themselves. */
export function reaching(graph: ImportGraph, targets: Iterable<string>): ReadonlySet<string> {
	const importers = importersOf(graph);
	const found = new Set(targets);
	for (const file of found) for (const importer of importers.get(file) ?? []) found.add(importer);
	return found;
}

/** Files that loading this one can load, nearest first, and itself. */
export function reachedFrom(graph: ImportGraph, file: string): ReadonlySet<string> {
	const found = new Set([file]);
	for (const each of found) for (const target of graph.imports.get(each) ?? []) found.add(target);
	return found;
}

const reversed = new WeakMap<ImportGraph, ReadonlyMap<string, readonly string[]>>();

/** File -> files that import it directly. */
export function importersOf(graph: ImportGraph): ReadonlyMap<string, readonly string[]> {
	const known = reversed.get(graph);
	if (known !== undefined) return known;
	const importers = new Map<string, string[]>();
	for (const [file, targets] of graph.imports) {
		for (const target of targets) {
			const list = importers.get(target);
			if (list === undefined) importers.set(target, [file]);
			else list.push(file);
		}
	}
	reversed.set(graph, importers);
	return importers;
}

/**
 * File -> all files that some import may mean by the same name: `a/tests/helpers.py` and `b/tests/helpers.py` are both `helpers`,
 * a module and its stub are one. ruff names the first that it finds, which need not be the one that Python finds.
 */
function namesakes(sources: readonly string[]): ReadonlyMap<string, readonly string[]> {
	const packages = packageFolders(sources);
	const byName = new Map<string, Set<string>>();
	const namesOf = new Map<string, readonly string[]>();
	for (const file of sources) {
		const names = moduleNames(file, packages);
		namesOf.set(file, names);
		for (const name of names) byName.set(name, (byName.get(name) ?? new Set()).add(file));
	}
	const alike = new Map<string, readonly string[]>();
	for (const [file, names] of namesOf) {
		const same = new Set(names.flatMap((name) => [...(byName.get(name) ?? [])]));
		if (same.size > 1) alike.set(file, [...same]);
	}
	return alike;
}

/** `src/pkg/mod.py` -> `pkg.mod`, and with every folder above that is no package: `src.pkg.mod`. */
function moduleNames(file: string, packages: ReadonlySet<string>): readonly string[] {
	const path = file.replace(/\.pyi?$/, "").replace(/(^|\/)__init__$/, "");
	const parts = path.split("/").filter((part) => part !== "");
	const names: string[] = [];
	for (let from = parts.length - 1; from >= 0; from--) {
		const isInsidePackage = packages.has(parts.slice(0, from).join("/"));
		if (!isInsidePackage) names.push(parts.slice(from).join("."));
	}
	return names;
}

function packageFolders(sources: readonly string[]): ReadonlySet<string> {
	return new Set(sources.filter((file) => /(^|\/)__init__\.pyi?$/.test(file)).map(folderOf));
}

/** With a slash at the end, or empty for the top. */
function foldersAbove(file: string): readonly string[] {
	const parts = file.split("/").slice(0, -1);
	return ["", ...parts.map((_, index) => `${parts.slice(0, index + 1).join("/")}/`)];
}

function folderOf(file: string): string {
	return parentOf(file);
}

function parentOf(path: string): string {
	const end = path.lastIndexOf("/");
	return end < 0 ? "" : path.slice(0, end);
}
