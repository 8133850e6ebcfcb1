/**
 * The code that a first probe is about, shown before the model asks for it: the failing tests, and what they use, by the failures'
 * frames and the tests' imports. A small model can then edit in its first answer.
 */
import { isTestOrConftest, pathsNamed } from "./files-in-play.ts";
import { charsIn } from "./model/budget.ts";
import { fenced } from "./model/fenced.ts";
import { withoutBodies } from "./model/hidden-code.ts";
import { type Definition, outlineOf, type PythonOutline, textOfDefinition } from "./model/python-definitions.ts";
import { type ChatModel, type TextFile, type Workspace, WorkspaceError } from "./ports.ts";
import type { TestFinding } from "./probes/finding.ts";
import { findingsOf, type WorkspaceReport } from "./probes/report.ts";
import type { RunState } from "./run-state.ts";
import { readForModel } from "./tools/tool.ts";
import { visible } from "./visible-text.ts";

/** Files up to this many lines are shown, and written, whole. */
const WHOLE_FILE_LINES = 120;
const MAX_TESTS = 3;
const MAX_LISTED = 40;
const MAX_SEARCHED = 2_000;
const WINDOW_SHARE = 0.25;
const MIN_CHARS = 1_500;
const MAX_CHARS = 8_000;

interface CodeContext {
	readonly options: { readonly task: string };
	readonly parts: { readonly workspace: Workspace };
	readonly state: Pick<RunState, "seen"> & { readonly asking: { readonly model: Pick<ChatModel, "contextLength"> } };
}

/**
 * @param hidesFailing leaves the code out that the failing tests call, in files that were shown whole before
 * @returns an empty text where nothing is to be shown
 */
export async function codeContext(
	{ parts, options, state: { seen, asking } }: CodeContext,
	report: WorkspaceReport,
	signal: AbortSignal,
	hidesFailing = false,
): Promise<string> {
	const { workspace } = parts;
	const { files: listed } = await workspace.list(".", MAX_SEARCHED, signal);
	const read = reader(workspace, signal);
	const tests = await failingTests(report, read);
	const wanted = new Map<string, ReadonlySet<string>>();
	const want = (path: string, names: readonly string[]) =>
		wanted.set(path, new Set([...(wanted.get(path) ?? []), ...names]));
	for (const path of pathsNamed(options.task)) if (listed.includes(path)) want(path, []);
	for (const { finding } of tests) if (finding.frame !== null) want(finding.frame.file, [finding.frame.functionName]);
	for (const { file, text, functions } of tests) {
		for (const { path, names } of usedModules(text, functions, file, listed)) want(path, names);
	}
	for (const { file } of findingsOf(report)) if (!isTestOrConftest(file)) want(file, []);

	const atFault = hidesFailing ? namesAtFault(tests) : new Set<string>();
	let left = charsIn(asking.model.contextLength, WINDOW_SHARE, MIN_CHARS, MAX_CHARS);
	const shown: string[] = [];
	const show = (block: string, onShown: () => void) => {
		if (block.length > left) return;
		left -= block.length;
		shown.push(block);
		onShown();
	};
	for (const test of tests) showTest(test);
	for (const [path, names] of wanted) {
		const file = await read(path);
		if (file !== null) showFile(file, names);
	}
	if (listed.length <= MAX_LISTED) show(`Project files: ${listed.join(", ")}`, () => undefined);
	return visible(shown.join("\n\n"));

	function showTest({ source, outline, functions }: FailingTest): void {
		// A file that cannot even be imported fails as a whole: what its tests ask for stands nowhere else.
		if (functions.length === 0) showFile(source, new Set());
		for (const definition of functions) {
			const { start, end } = definition;
			const block = fenced(source.path, textOfDefinition(outline, definition));
			show(`${source.path}, lines ${start + 1}-${end}:\n${block}`, () =>
				seen.show(source, start + 1, end, lineCount(source.text)),
			);
		}
	}

	function showFile(file: TextFile, names: ReadonlySet<string>): void {
		const count = lineCount(file.text);
		const hidden = seen.knowledgeOf(file) === "whole" ? withoutBodies(file.text, atFault) : null;
		if (hidden !== null) {
			show(`${file.path}, the whole file:\n${fenced(file.path, hidden)}`, () => undefined);
			return;
		}
		if (count <= WHOLE_FILE_LINES) {
			show(`${file.path}, the whole file:\n${fenced(file.path, file.text)}`, () => seen.show(file, 1, count, count));
			return;
		}
		const outline = outlineOf(file.text);
		for (const definition of outline.definitions.filter(({ name }) => names.has(name))) {
			const { start, end } = definition;
			const block = fenced(file.path, textOfDefinition(outline, definition));
			show(`${file.path}, lines ${start + 1}-${end} of ${count}:\n${block}`, () =>
				seen.show(file, start + 1, end, count),
			);
		}
	}
}

interface FailingTest {
	readonly finding: TestFinding;
	readonly file: string;
	readonly text: string;
	readonly source: TextFile;
	readonly outline: PythonOutline;
	readonly functions: readonly Definition[];
}

async function failingTests(
	report: WorkspaceReport,
	read: (path: string) => Promise<TextFile | null>,
): Promise<readonly FailingTest[]> {
	const findings = report.pytest.status === "findings" ? report.pytest.findings : [];
	const tests: FailingTest[] = [];
	const known = new Set<string>();
	for (const finding of findings) {
		const file = finding.testId.split("::")[0] ?? finding.file;
		const name = /([^:[]+)(?:\[|$)/.exec(finding.testId.split("::").at(-1) ?? "")?.[1] ?? "";
		if (tests.length === MAX_TESTS) break;
		if (known.has(`${file} ${name}`)) continue;
		known.add(`${file} ${name}`);
		const source = await read(file);
		if (source === null) continue;
		const outline = outlineOf(source.text);
		const functions = outline.definitions.filter((definition) => definition.name === name);
		tests.push({ finding, file, text: source.text, source, outline, functions });
	}
	return tests;
}

/**
 * Functions that may be at fault: the one that raised, where a failing test calls it itself; otherwise all that such a test calls, and
 * where its failure passed through.
 */
function namesAtFault(tests: readonly FailingTest[]): ReadonlySet<string> {
	return new Set(
		tests.flatMap(({ finding, outline, functions }) => {
			const called = functions.flatMap((definition) =>
				[...textOfDefinition(outline, definition).matchAll(/(\w+)\(/g)].map(([, name = ""]) => name),
			);
			const raised = finding.frame?.functionName;
			if (raised === undefined) return called;
			return called.includes(raised) ? [raised] : [...called, raised];
		}),
	);
}

/** Workspace modules that a test file imports, with the names that the failing functions use of them. */
function usedModules(
	text: string,
	functions: readonly Definition[],
	file: string,
	listed: readonly string[],
): readonly { readonly path: string; readonly names: readonly string[] }[] {
	const { lines } = outlineOf(text);
	const used = new Set(functions.flatMap(({ start, end }) => lines.slice(start, end).join("\n").match(/\w+/g) ?? []));
	return [...text.matchAll(/^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import[ \t]+(\([^)]*\)|[^#\n]+)|import[ \t]+([\w.]+))/gm)]
		.map(([, from, names = "", whole]) => ({
			path: moduleFile(from ?? whole ?? "", file, listed),
			names: names.match(/\w+/g) ?? [],
			whole: whole !== undefined,
		}))
		.flatMap(({ path, names, whole }) => {
			const wanted = names.filter((name) => used.has(name));
			return path !== null && (whole || wanted.length > 0 || functions.length === 0) ? [{ path, names: wanted }] : [];
		});
}

function moduleFile(module: string, importer: string, listed: readonly string[]): string | null {
	const leading = /^\.*/.exec(module)?.[0].length ?? 0;
	const folder = importer.split("/").slice(0, leading > 0 ? -leading : undefined);
	const inner = module.slice(leading).split(".").join("/");
	const base = leading > 0 ? [...folder, inner].join("/") : inner;
	const candidates = [`${base}.py`, `${base}/__init__.py`];
	const found = candidates.find((candidate) => listed.includes(candidate));
	if (found !== undefined || inner === "") return found ?? null;
	// A source root of its own, such as `src`.
	return listed.find((path) => candidates.some((candidate) => path.endsWith(`/${candidate}`))) ?? null;
}

function reader(workspace: Workspace, signal: AbortSignal): (path: string) => Promise<TextFile | null> {
	return async (path) => {
		try {
			return await readForModel(path, workspace, signal);
		} catch (error) {
			if (error instanceof WorkspaceError) return null;
			throw error;
		}
	};
}

/** As `read_file` counts them. */
function lineCount(text: string): number {
	const lines = text.split(/\r\n|\n|\r/);
	return lines.at(-1) === "" ? lines.length - 1 : lines.length;
}
