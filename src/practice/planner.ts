/** One answer of the practice model: look at what is needed, mend what is evident, or try one repair for each failing test. */
import { lintRepair } from "./lint-repairs.ts";
import {
	functionsOf,
	importsOf,
	masked,
	moduleFile,
	namesIn,
	type PythonFunction,
	uniqueEdit,
} from "./python-source.ts";
import { closestName, type Repair, repairsOf, standardImport } from "./repairs.ts";
import { type Attempt, attemptKey, type Failure, type Situation, TRYING, type WireCall } from "./situation.ts";

export interface Answer {
	readonly content: string;
	readonly calls: readonly WireCall[];
}

const MAX_READS = 4;
const MAX_FILES_READ = 12;
const MAX_TRIES_A_ROUND = 3;
const CALL_DEPTH = 3;

/** The next answer to a conversation. */
export function answer(situation: Situation): Answer {
	const { probe, failed } = situation;
	if (probe === null || probe.state === "green") return { content: "All tests pass and lint is clean.", calls: [] };
	const reads = neededReads(situation);
	if (reads.length > 0) return { content: "Reading the failing tests and the code that they reach.", calls: reads };
	const reverts = failed.toReversed().map(({ path, oldText, newText }) => edit(path, newText, oldText));
	const files = new Map(situation.files);
	for (const { path, oldText, newText } of failed.toReversed()) {
		files.set(path, (files.get(path) ?? "").split(newText).join(oldText));
	}
	const lint = lintEdits(situation, files);
	const tries = nextTries(situation, files);
	const calls = [...reverts, ...lint, ...tries.map(({ path, oldText, newText }) => edit(path, oldText, newText))];
	if (calls.length === 0) return { content: givingUp(situation), calls: [] };
	const words = [reverts.length > 0 ? "Taking back what did not help." : "", lint.length > 0 ? "Mending lint." : ""];
	return {
		content: [...words, ...tries.map(({ testId }) => TRYING + testId)].filter((line) => line !== "").join("\n"),
		calls,
	};
}

function givingUp({ attempts, probe }: Situation): string {
	const left = probe?.failures.map(({ testId }) => testId).join(", ") || "the lint findings";
	return `The practice model tried ${attempts} repairs and none mends ${left}. It knows only templates (comparisons, operators, boundaries, constants, swaps, returns, imports); choose a real model for this.`;
}

function edit(path: string, oldText: string, newText: string): WireCall {
	return { name: "edit_file", arguments: { path, old_text: oldText, new_text: newText } };
}

function neededReads({ probe, files, missing, listing }: Situation): readonly WireCall[] {
	const known = (path: string) => files.has(path) || missing.has(path);
	const wanted = new Set<string>();
	for (const { file, frame } of probe?.failures ?? []) {
		wanted.add(file);
		if (frame !== null) wanted.add(frame.file);
	}
	for (const { file } of probe?.lint ?? []) wanted.add(file);
	const calls: WireCall[] = listing === null ? [{ name: "list_files", arguments: { path: "." } }] : [];
	for (const [path, text] of files) {
		for (const module of importsOf(text)) {
			const file = moduleFile(module, path, listing ?? []);
			if (file !== null && files.size < MAX_FILES_READ) wanted.add(file);
		}
	}
	for (const path of wanted) {
		if (!known(path) && path.endsWith(".py") && calls.length < MAX_READS)
			calls.push({ name: "read_file", arguments: { path } });
	}
	return calls;
}

/** Evident lint repairs, bottom up within a file; each edit fits the text that the one before left. */
function lintEdits({ probe }: Situation, files: Map<string, string>): readonly WireCall[] {
	const calls: WireCall[] = [];
	for (const finding of [...(probe?.lint ?? [])].sort((a, b) => b.line - a.line)) {
		const text = files.get(finding.file);
		const line = text?.split("\n")[finding.line - 1];
		if (text === undefined || line === undefined) continue;
		const lines = lintRepair(line, finding);
		if (lines === null || (lines.length === 1 && lines[0] === line)) continue;
		const change = uniqueEdit(text, finding.line - 1, finding.line, lines);
		if (change === null) continue;
		files.set(finding.file, text.split(change.oldText).join(change.newText));
		calls.push(edit(finding.file, change.oldText, change.newText));
	}
	return calls;
}

/** One untried repair for each failing test, each in a function of its own. */
function nextTries(situation: Situation, files: Map<string, string>): readonly Attempt[] {
	const tries: Attempt[] = [];
	const touched = new Set<string>();
	for (const failure of situation.probe?.failures ?? []) {
		for (const candidate of candidatesFor(failure, files)) {
			if (tries.length === MAX_TRIES_A_ROUND || touched.has(candidate.place)) continue;
			const text = files.get(candidate.path) ?? "";
			const change = uniqueEdit(text, candidate.start, candidate.end, candidate.lines);
			if (change === null || situation.tried.has(attemptKey(candidate.path, change.oldText, change.newText))) continue;
			touched.add(candidate.place);
			files.set(candidate.path, text.split(change.oldText).join(change.newText));
			tries.push({ testId: failure.testId, path: candidate.path, ...change });
			break;
		}
	}
	return tries;
}

interface Candidate {
	readonly path: string;
	readonly start: number;
	readonly end: number;
	readonly lines: readonly string[];
	/** Two repairs in one place cannot be told apart by one probe. */
	readonly place: string;
	readonly score: number;
}

function candidatesFor(failure: Failure, files: ReadonlyMap<string, string>): readonly Candidate[] {
	return [...nameCandidates(failure, files), ...templateCandidates(failure, files)].sort((a, b) => b.score - a.score);
}

/** Missing imports and mistyped names: the message says the name. */
function nameCandidates({ message, frame, file }: Failure, files: ReadonlyMap<string, string>): readonly Candidate[] {
	const undefinedName = /name '(\w+)' is not defined/.exec(message)?.[1];
	const attribute = /has no attribute '(\w+)'/.exec(message)?.[1];
	const imported = /cannot import name '(\w+)'/.exec(message)?.[1];
	const name = undefinedName ?? attribute ?? imported;
	if (name === undefined) return [];
	const found: Candidate[] = [];
	const place = frame?.file ?? [...files].find(([path, text]) => path !== file && namesIn(text).has(name))?.[0] ?? file;
	const text = files.get(place) ?? "";
	if (undefinedName !== undefined) {
		const at = Math.max(
			0,
			text.split("\n").findIndex((line) => /^(import|from) /.test(line)),
		);
		const statements = [standardImport(name), ...workspaceImports(name, place, files)].filter(
			(line): line is string => line !== null,
		);
		for (const statement of statements) {
			const line = text.split("\n")[at] ?? "";
			found.push({
				path: place,
				start: at,
				end: at + 1,
				lines: [statement, line],
				place: `${place}:import`,
				score: 100,
			});
		}
	}
	const known = new Set(
		[...files.values()].flatMap((source) =>
			[...source.matchAll(/(?:def|class)\s+(\w+)|^\s*(?:self\.)?(\w+)\s*=/gm)].map(
				(match) => match[1] ?? match[2] ?? "",
			),
		),
	);
	const meant = closestName(name, new Set([...known, ...namesIn(text)]));
	if (meant !== null) {
		for (const [path, source] of files) {
			for (const [index, line] of source.split("\n").entries()) {
				if (!new RegExp(`\\b${name}\\b`).test(masked(line))) continue;
				found.push({
					path,
					start: index,
					end: index + 1,
					lines: [line.replace(new RegExp(`\\b${name}\\b`, "g"), meant)],
					place: `${path}:${index}`,
					score: path === place ? 90 : 60,
				});
			}
		}
	}
	return found;
}

function workspaceImports(name: string, into: string, files: ReadonlyMap<string, string>): readonly string[] {
	return [...files]
		.filter(([path, text]) => path !== into && new RegExp(`^(?:def|class)\\s+${name}\\b|^${name}\\s*=`, "m").test(text))
		.map(
			([path]) =>
				`from ${path
					.replace(/^src\//, "")
					.replace(/(\/__init__)?\.py$/, "")
					.replaceAll("/", ".")} import ${name}`,
		);
}

function templateCandidates(failure: Failure, files: ReadonlyMap<string, string>): readonly Candidate[] {
	const expected = [...failure.message.matchAll(/(?<![\w.])-?\d+(?![\w.])/g)]
		.map(([number]) => Number(number))
		.slice(0, 4);
	return reached(failure, files).flatMap(({ found, depth }) => {
		const lines = (files.get(found.path) ?? "").split("\n");
		const body = lines.slice(found.start, found.end).join("\n");
		return lines.slice(found.start + 1, found.end).flatMap((line, offset) => {
			const index = found.start + 1 + offset;
			return repairsOf(line, found, body, expected).map((repair, order) => ({
				path: found.path,
				start: index,
				end: index + 1,
				lines: repair.lines,
				place: `${found.path}:${found.start}`,
				score: scoreOf(
					repair,
					failure,
					depth,
					order,
					found.path === failure.frame?.file && index === failure.frame.line - 1,
				),
			}));
		});
	});
}

/** Functions that the test calls, and those that these call; never the tests' own. */
function reached(
	{ testId, file, frame }: Failure,
	files: ReadonlyMap<string, string>,
): readonly { readonly found: PythonFunction; readonly depth: number }[] {
	const testText = files.get(file) ?? "";
	const testName = /::([A-Za-z_]\w*)(?:\[|$)/.exec(testId)?.[1] ?? "";
	const test = functionsOf(file, testText).find(({ name }) => name === testName);
	const sources = [...files].filter(
		([path]) => path !== file && !/(^|\/)(test_[^/]*|[^/]*_test|conftest)\.py$/.test(path),
	);
	const all = sources.flatMap(([path, text]) => functionsOf(path, text));
	const byPlace = new Map<PythonFunction, number>();
	let names = namesIn(
		test === undefined
			? testText
			: testText
					.split("\n")
					.slice(test.start + 1, test.end)
					.join("\n"),
	);
	for (let depth = 0; depth <= CALL_DEPTH; depth += 1) {
		const next: string[] = [];
		for (const found of all) {
			const isFrame = frame?.file === found.path && frame.line - 1 >= found.start && frame.line - 1 < found.end;
			const isInit =
				found.name === "__init__" &&
				[...names].some((name) => new RegExp(`class ${name}\\b`).test(files.get(found.path) ?? ""));
			if (byPlace.has(found) || !(names.has(found.name) || isFrame || isInit)) continue;
			byPlace.set(found, isFrame ? 0 : depth);
			next.push(
				...namesIn(
					(files.get(found.path) ?? "")
						.split("\n")
						.slice(found.start + 1, found.end)
						.join("\n"),
				),
			);
		}
		names = new Set(next);
	}
	return [...byPlace].map(([found, depth]) => ({ found, depth }));
}

/** What the evidence makes likely; the order of templates decides the rest. */
function scoreOf({ kind }: Repair, { message }: Failure, depth: number, order: number, onFrame: boolean): number {
	const [left, right] = (/assert (-?\d+(?:\.\d+)?) == (-?\d+(?:\.\d+)?)/.exec(message) ?? []).slice(1).map(Number);
	const off = left !== undefined && right !== undefined ? Math.abs(left - right) : null;
	const likely: Partial<Record<Repair["kind"], number>> = /assert (True|False|not )|is (True|False)|DID NOT RAISE/.test(
		message,
	)
		? { comparison: 12, boolean: 11, boundary: 5, return: 4 }
		: /None/.test(message)
			? { return: 14 }
			: /IndexError/.test(message)
				? { boundary: 12, comparison: 9 }
				: /ZeroDivisionError/.test(message)
					? { comparison: 9, swap: 9, boundary: 8 }
					: off === 1
						? { boundary: 11, comparison: 10, constant: 8, operator: 6 }
						: off !== null
							? { operator: 11, constant: 8, swap: 8, comparison: 7, builtin: 7, return: 6, boundary: 6 }
							: { builtin: 9, comparison: 8, operator: 8, boundary: 7, swap: 7, return: 6 };
	return (likely[kind] ?? 3) + (onFrame ? 6 : 0) - depth * 2 - order * 0.05;
}
