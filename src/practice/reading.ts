/** What must be looked at before anything is tried: failing tests, the code that they import, and who defines a missing name. */
import { unknownName } from "./name-repairs.ts";
import { standardImport } from "./names.ts";
import { importsOf, moduleFile } from "./python-source.ts";
import type { Situation } from "./situation.ts";
import type { WireCall } from "./wire-types.ts";

const MAX_CALLS = 6;
/** Characters, together; more would push the conversation's beginning out of the window. */
const MAX_READ_CHARS = 20_000;
const MAX_FILE_LINES = 800;

/** The next calls to look, or none when enough is known. */
export function neededReads(situation: Situation): readonly WireCall[] {
	const { listing } = situation;
	const calls: WireCall[] = listing === null ? [{ name: "list_files", arguments: { path: "." } }] : [];
	calls.push(...searches(situation));
	for (const path of wantedFiles(situation)) {
		const begun = situation.begun.get(path);
		if (situation.files.has(path) || situation.missing.has(path) || !path.endsWith(".py")) continue;
		if (begun !== undefined && begun.length >= MAX_FILE_LINES) continue;
		calls.push({
			name: "read_file",
			arguments: begun === undefined ? { path } : { path, start_line: begun.length + 1 },
		});
	}
	return calls.slice(0, MAX_CALLS);
}

function searches({ base, definitions, files }: Situation): readonly WireCall[] {
	const messages = [...(base?.failures ?? []), ...(base?.lint ?? [])].map(({ message }) => message);
	const names = messages
		.map(unknownName)
		.filter((unknown) => unknown !== null)
		.filter(({ name, sort }) => sort === "name" && standardImport(name) === null && !definitions.has(name));
	const known = (name: string) =>
		[...files.values()].some((text) => new RegExp(`^(?:def|class)\\s+${name}\\b`, "m").test(text));
	return [...new Set(names.map(({ name }) => name))]
		.filter((name) => !known(name))
		.map((text) => ({ name: "search", arguments: { text } }));
}

/** In order of need: the tests and frames, lint, then imports outward. */
function wantedFiles({ base, files, listing }: Situation): ReadonlySet<string> {
	const wanted = new Set<string>();
	for (const { file, frame } of base?.failures ?? []) {
		wanted.add(file);
		if (frame !== null) wanted.add(frame.file);
	}
	for (const { file } of base?.lint ?? []) wanted.add(file);
	let chars = 0;
	// A set grows while it is walked: imports of imports come last.
	for (const path of wanted) {
		const text = files.get(path);
		chars += text?.length ?? 0;
		if (text === undefined || chars > MAX_READ_CHARS || (base?.failures.length ?? 0) === 0) continue;
		for (const conftest of (listing ?? []).filter((file) => file.endsWith("conftest.py") && isAbove(file, path)))
			wanted.add(conftest);
		for (const module of importsOf(text)) {
			const file = moduleFile(module, path, listing ?? []);
			if (file !== null) wanted.add(file);
		}
	}
	return wanted;
}

function isAbove(conftest: string, path: string): boolean {
	return path.startsWith(conftest.slice(0, -"conftest.py".length));
}
