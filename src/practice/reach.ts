/** Which code a failing test reaches, by the names that it mentions. */
import { type Failure, isTestFile } from "./probe-message.ts";
import { functionsOf, maskedLines, namesIn, type PythonFunction } from "./python-source.ts";

export interface Reached {
	readonly found: PythonFunction;
	/** Calls between the test and it; 0 for what the test itself names and for the failure's frame. */
	readonly depth: number;
}

export interface Reach {
	readonly functions: readonly Reached[];
	/** Every name on the way: constants among them are worth a look. */
	readonly names: ReadonlySet<string>;
}

const MAX_DEPTH = 4;

/** Functions that a test reaches in the files known; never the tests' own. */
export function reachOf(failure: Failure, files: ReadonlyMap<string, string>): Reach {
	const masked = new Map([...files].map(([path, text]) => [path, maskedLines(text)] as const));
	const all = [...files].flatMap(([path, text]) => functionsOf(path, text));
	const sources = all.filter(({ path }) => !isTestFile(path));
	const depths = new Map<PythonFunction, number>();
	const onFrame = sources.find(({ path, start, end }) => {
		const line = failure.frame?.file === path ? failure.frame.line - 1 : -1;
		return line >= start && line < end;
	});
	let names = testNames(failure, all, bodyNames, masked);
	const seen = new Set(names);
	for (let depth = 0; depth <= MAX_DEPTH; depth += 1) {
		const next = new Set<string>();
		for (const found of sources) {
			if (depths.has(found) || !(isNamed(found, names) || (depth === 0 && found === onFrame))) continue;
			depths.set(found, depth);
			for (const name of bodyNames(found)) next.add(name);
		}
		names = next;
		for (const name of next) seen.add(name);
	}
	return { functions: [...depths].map(([found, depth]) => ({ found, depth })), names: seen };

	function bodyNames({ path, start, end }: PythonFunction): ReadonlySet<string> {
		return namesIn((masked.get(path) ?? []).slice(start, end).join("\n"));
	}
}

/** A class that is named can run its special methods, by operators and built-ins. */
function isNamed({ name, owner }: PythonFunction, names: ReadonlySet<string>): boolean {
	return names.has(name) || (name.startsWith("__") && owner !== null && names.has(owner));
}

/** What the test's body, its fixtures and its helpers mention. */
function testNames(
	{ testId, file }: Failure,
	all: readonly PythonFunction[],
	bodyNames: (found: PythonFunction) => ReadonlySet<string>,
	masked: ReadonlyMap<string, readonly string[]>,
): ReadonlySet<string> {
	const testName = /::([A-Za-z_]\w*)(?:\[.*)?$/.exec(testId)?.[1] ?? "";
	const helpers = all.filter(({ path }) => path === file || /(^|\/)conftest\.py$/.test(path));
	const test = helpers.find(({ path, name }) => path === file && name === testName);
	if (test === undefined) return namesIn((masked.get(file) ?? []).join("\n"));
	const names = new Set(bodyNames(test));
	const used = new Set([test]);
	for (let grown = true; grown; ) {
		grown = false;
		for (const helper of helpers) {
			if (used.has(helper) || !names.has(helper.name)) continue;
			used.add(helper);
			grown = true;
			for (const name of bodyNames(helper)) names.add(name);
		}
	}
	return names;
}
