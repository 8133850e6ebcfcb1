/**
 * Imports that name the wrong module, as a rename or a move leaves them behind: where one module of the project alone defines all that
 * such a line imports, the right line needs no model.
 */
import { isTestOrConftest } from "./files-in-play.ts";
import { homesOf } from "./missing-imports.ts";
import type { Workspace } from "./ports.ts";
import { circularImport } from "./probes/circular-import.ts";
import type { TestFinding } from "./probes/finding.ts";
import { findingsOf, type WorkspaceReport } from "./probes/report.ts";

const NO_MODULE = /No module named '([\w.]+)'/;
const NO_NAME = /cannot import name '(\w+)' from '([\w.]+)'/;
/** On one line, without other names for what it imports. */
const FROM = /^(\s*from\s+)(\w+(?:\.\w+)*)(\s+import\s+)(\w+(?:\s*,\s*\w+)*)\s*$/;

interface Wrong {
	readonly file: string;
	readonly line: string;
	readonly names: readonly string[];
	/** The line, of another module. */
	readonly of: (module: string) => string;
}

export interface MovedImport {
	/** As it stands in the file. */
	readonly line: string;
	readonly right: string;
}

/**
 * By file, the first line that failed to import. Tests are left alone: they say what there is to be.
 * @throws AbortError
 */
export async function movedImports(
	report: WorkspaceReport,
	workspace: Workspace,
	signal: AbortSignal,
): Promise<ReadonlyMap<string, MovedImport>> {
	const wrong = findingsOf(report).flatMap((finding) =>
		finding.probe === "pytest" ? (wrongImport(finding) ?? []) : [],
	);
	if (wrong.length === 0) return new Map();
	const homes = await homesOf(new Set(wrong.flatMap(({ names }) => names)), workspace, signal);
	const moved = new Map<string, MovedImport>();
	for (const { file, line, names, of } of wrong) {
		const home = commonHome(names, homes);
		if (home === null || moved.has(file)) continue;
		const right = of(home);
		if (right !== line) moved.set(file, { line, right });
	}
	return moved;
}

/** The one module that defines all the names; null where there is none, or more. */
function commonHome(names: readonly string[], homes: ReadonlyMap<string, readonly string[]> | null): string | null {
	const modules = new Set(names.flatMap((name): readonly (string | null)[] => homes?.get(name) ?? [null]));
	const [home = null] = modules;
	return modules.size > 1 ? null : home;
}

function wrongImport(finding: TestFinding): Wrong | null {
	const { frame, message } = finding;
	if (frame === null || isTestOrConftest(frame.file) || circularImport(finding) !== null) return null;
	const [, from = "", module = "", middle = "", imported = ""] = FROM.exec(frame.source) ?? [];
	const names = imported.split(",").map((name) => name.trim());
	const [, absent] = NO_MODULE.exec(message) ?? [];
	const [, name = "", home] = NO_NAME.exec(message) ?? [];
	const isThisLine = absent === module || (home === module && names.includes(name));
	if (imported === "" || !isThisLine) return null;
	return { file: frame.file, line: frame.source, names, of: (right) => `${from}${right}${middle}${imported}` };
}
