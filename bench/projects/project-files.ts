/** Which files of a project are its sources, its tests and its data, and what a person might change in them. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isIgnoredFolder, isTestFile } from "../../src/core/probes/inputs.ts";
import { type Mutation, mutateData, mutatePython } from "../mutations.ts";
import type { Random } from "../workspaces/random.ts";

/** Folders that tests of a project seldom touch. */
const BESIDE = /(^|\/)(docs?|examples?|bench(marks?)?|tools|scripts|ci_tools|code_templates|downstream)\//;
const TESTS = /(^|\/)(tests?|testing)\//;
const DATA = /\.(json|csv|txt|sql|toml|ini|ya?ml)$/;
const MAX_DATA_BYTES = 200_000;
/** In ten mutations so many are of a test file, and so many of a data file. */
const OF_TESTS = 1;
const OF_DATA = 1;

/** Python files that are no tests, sorted. */
export function sourcesOf(root: string): readonly string[] {
	return pythonOf(root).filter((file) => !isTest(file) && !isConfiguration(file));
}

/** So many small changes of sources, tests and data files. */
export function mutationsOf(root: string, count: number, random: Random): readonly Mutation[] {
	const sources = sourcesOf(root);
	const tests = pythonOf(root).filter(isTest);
	const data = filesOf(root).filter((file) => DATA.test(file) && TESTS.test(file));
	const found: Mutation[] = [];
	let isDataSpent = false;
	for (let attempt = 0; found.length < count && attempt < 20 * count; attempt += 1) {
		const turn = found.length % 10;
		const isOfData: boolean = turn >= OF_TESTS && turn < OF_TESTS + OF_DATA && data.length > 0 && !isDataSpent;
		const kind: readonly string[] = turn < OF_TESTS ? tests : isOfData ? data : sources;
		const file = random.pick(kind.length > 0 ? kind : sources);
		const text = readFileSync(join(root, file), "utf8");
		const isTooLarge = kind === data && text.length > MAX_DATA_BYTES;
		const mutate = kind === data ? mutateData : mutatePython;
		const mutation = isTooLarge ? null : mutate(file, text, random);
		// Data without a number must not keep the turn for ever.
		isDataSpent = kind === data && mutation === null;
		if (mutation !== null) found.push(mutation);
	}
	return found;
}

function isTest(file: string): boolean {
	return TESTS.test(file) || isTestFile(file);
}

function isConfiguration(file: string): boolean {
	return /(^|\/)(setup|conftest|noxfile|tasks)\.py$/.test(file);
}

function pythonOf(root: string): readonly string[] {
	return filesOf(root).filter((file) => file.endsWith(".py") && !BESIDE.test(file));
}

function filesOf(root: string, folder = ""): readonly string[] {
	return readdirSync(join(root, folder), { withFileTypes: true })
		.flatMap((entry) => {
			const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
			if (entry.isDirectory()) return isIgnoredFolder(entry.name) ? [] : filesOf(root, path);
			return entry.isFile() ? [path] : [];
		})
		.sort();
}
