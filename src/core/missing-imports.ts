/**
 * Imports that a text lacks: a small model writes a module and its tests, right but for the line that brings the one into
 * the other (docs/quality.md, `package-temperature`). Where one module of the project alone defines the name, that line needs no model.
 */
import { isTestOrConftest } from "./files-in-play.ts";
import { knownImport } from "./model/known-imports.ts";
import { assignedNames, outlineOf, topLevel } from "./model/python-definitions.ts";
import { type Workspace, WorkspaceError } from "./ports.ts";
import { findingsOf, type WorkspaceReport } from "./probes/report.ts";
import { readForModel } from "./tools/tool.ts";

/** ruff's "undefined name". */
const UNDEFINED = "F821";
/** In a larger project a name has more than one meaning, and the look would keep the model waiting. */
const MAX_MODULES = 200;
const IDENTIFIER = /^[A-Za-z_]\w*$/;

/** By file, the import lines that it lacks. */
export type MissingImports = ReadonlyMap<string, readonly string[]>;

/**
 * For names that ruff found undefined in these files and that exactly one module of the project defines; where none does, for those that
 * mean the same in nearly every program.
 * @throws AbortError
 */
export async function missingImports(
	report: WorkspaceReport,
	files: ReadonlySet<string>,
	workspace: Workspace,
	signal: AbortSignal,
): Promise<MissingImports> {
	const wanted = new Map<string, Set<string>>();
	for (const finding of findingsOf(report)) {
		const [, name] = /`(\w+)`/.exec(finding.message) ?? [];
		if (finding.probe !== "ruff" || finding.code !== UNDEFINED || name === undefined || !files.has(finding.file))
			continue;
		wanted.set(finding.file, (wanted.get(finding.file) ?? new Set()).add(name));
	}
	if (wanted.size === 0) return new Map();
	const homes = await homesOf(new Set([...wanted.values()].flatMap((names) => [...names])), workspace, signal);
	if (homes === null) return new Map();
	const lacking = [...wanted].map(([file, names]): [string, readonly string[]] => [
		file,
		importLines([...names].sort(), homes, moduleOf(file)),
	]);
	return new Map(lacking.filter(([, lines]) => lines.length > 0));
}

/** One line a module, its names in order. */
function importLines(
	names: readonly string[],
	homes: ReadonlyMap<string, readonly string[]>,
	own: string | null,
): readonly string[] {
	const byModule = new Map<string, string[]>();
	const others: string[] = [];
	for (const name of names) {
		const [home, another] = homes.get(name) ?? [];
		const known = knownImport(name);
		if (home === undefined && known !== null) others.push(known);
		if (home === undefined || another !== undefined || home === own) continue;
		byModule.set(home, [...(byModule.get(home) ?? []), name]);
	}
	return [...others, ...[...byModule].map(([module, imported]) => `from ${module} import ${imported.join(", ")}`)];
}

/** Modules, tests left out, that define each name at their top level; null where there are too many to tell. */
export async function homesOf(
	names: ReadonlySet<string>,
	workspace: Workspace,
	signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly string[]> | null> {
	const { files, truncated } = await workspace.list(".", MAX_MODULES, signal);
	const homes = new Map<string, readonly string[]>();
	if (truncated) return null;
	for (const file of files) {
		const module = moduleOf(file);
		if (module === null || isTestOrConftest(file)) continue;
		for (const name of await definedIn(file, workspace, signal)) {
			if (names.has(name)) homes.set(name, [...(homes.get(name) ?? []), module]);
		}
	}
	return homes;
}

async function definedIn(file: string, workspace: Workspace, signal: AbortSignal): Promise<readonly string[]> {
	try {
		const outline = outlineOf((await readForModel(file, workspace, signal)).text);
		return [...new Set([...topLevel(outline).map(({ name }) => name), ...assignedNames(outline)])];
	} catch (error) {
		if (error instanceof WorkspaceError) return [];
		throw error;
	}
}

/** The name by which it is imported; null where it is no module. A `src` folder is a source root. */
function moduleOf(file: string): string | null {
	if (!file.endsWith(".py")) return null;
	const parts = file
		.replace(/\.py$/, "")
		.replace(/\/__init__$/, "")
		.split("/");
	const named = parts[0] === "src" && parts.length > 1 ? parts.slice(1) : parts;
	return named.every((part) => IDENTIFIER.test(part)) ? named.join(".") : null;
}
