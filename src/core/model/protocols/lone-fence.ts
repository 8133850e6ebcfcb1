/**
 * A fenced block that names no tool, the most frequent answer of small models: it counts for the file that it names itself, for the
 * one file in play that it can only be meant for, or for the one that the words around it name. A block that holds just some functions
 * replaces those that stand in that file, and adds those that do not.
 */
import { isTestFile, nameOf } from "../../probes/inputs.ts";
import { HIDDEN_MARK } from "../hidden-code.ts";
import {
	assignedNames,
	type Definition,
	dedented,
	outlineOf,
	type PythonOutline,
	textOfDefinition,
	topLevel,
} from "../python-definitions.ts";
import { withImports } from "../python-imports.ts";
import { readFence } from "./fences.ts";
import { pathOfInfo, pathOfLine } from "./lines.ts";
import type { FileInPlay, FoundCall } from "./protocol-types.ts";

export type LoneFence =
	| { readonly kind: "none" }
	| { readonly kind: "calls"; readonly calls: readonly FoundCall[] }
	| { readonly kind: "broken"; readonly explanation: string };

/** The text that stands in the file already. */
interface Unchanged {
	readonly kind: "unchanged";
	readonly path: string;
	readonly text: string;
}

/** Languages of a fence by the extension of the files that they are for; a fence without one is for any file. */
const LANGUAGES: Readonly<Record<string, readonly string[]>> = {
	py: ["python", "py", "python3"],
	md: ["markdown", "md"],
	toml: ["toml"],
	json: ["json"],
	yaml: ["yaml", "yml"],
};
const HOW =
	"Write the file's path on a line of its own, before the fenced block with the whole file: write_file src/app.py";

/** What stands behind the backticks of a block for the file; empty where there is no usual word. */
export function languageOf(path: string): string {
	return LANGUAGES[extensionOf(path)]?.[0] ?? "";
}

/** Reads the fences of an answer in which no call was found. */
export function readLoneFence(content: string, files: readonly FileInPlay[], mustChange = false): LoneFence {
	const fence = readFences(content, files);
	if (fence.kind !== "unchanged") return fence;
	return mustChange ? whole(fence.path, fence.text) : { kind: "none" };
}

function readFences(content: string, files: readonly FileInPlay[]): LoneFence | Unchanged {
	const lines = content.replaceAll("\r\n", "\n").split("\n");
	const calls: FoundCall[] = [];
	const words: string[] = [];
	const unnamed: { readonly language: string; readonly content: string }[] = [];
	for (let at = 0; at < lines.length; at += 1) {
		const fence = readFence(lines, at);
		if (fence.kind === "none") {
			words.push(lines[at] ?? "");
			continue;
		}
		if (fence.kind === "unclosed") {
			return broken("Your fenced block has no end, so nothing was written. Send it again, whole.");
		}
		at = fence.end;
		const named = namedFence(fence.info, fence.content);
		if (named !== null) {
			if (!isKnown(named, files)) calls.push(named);
		} else if (fence.content.trim() !== "") unnamed.push(fence);
	}
	const forFiles = withoutExcerpts(unnamed.filter(({ language }) => files.some(({ path }) => isFor(language, path))));
	const [fence, second] = forFiles;
	if (fence === undefined || calls.length > 0) return calls.length > 0 ? { kind: "calls", calls } : { kind: "none" };
	if (second !== undefined) return broken(`Your answer holds several blocks and names no file for them. ${HOW}`);
	return resolveFence(
		fence.content,
		files.filter(({ path }) => isFor(fence.language, path)),
		words.join("\n"),
	);
}

/** What a model shows once more of its own block, such as the line that matters, is no block of its own. */
function withoutExcerpts<T extends { readonly content: string }>(fences: readonly T[]): readonly T[] {
	return fences.filter(
		({ content }, at) =>
			!fences.some(
				(other, place) =>
					place !== at && other.content.includes(content.trim()) && (other.content !== content || place < at),
			),
	);
}

/** Text for a file in play, whose block names no other. @param words those around the block */
function resolveFence(content: string, files: readonly FileInPlay[], words: string): LoneFence | Unchanged {
	const given = outlineOf(dedented(content));
	const names = topLevel(given).map(({ name }) => name);
	const owner = onlyOne(files.filter(({ path, text }) => path.endsWith(".py") && text !== null && holds(text, names)));
	if (owner?.text && names.length > 0) return inFile(owner.path, outlineOf(owner.text), given, content);
	const file = onlyOne(files) ?? onlyOne(filesNamed(words, files, names));
	if (file === null) return broken(`Your block names no file. ${HOW}`);
	if (file.text === null || file.text.trim() === "") return whole(file.path, content);
	return file.path.endsWith(".py") && names.length > 0
		? inFile(file.path, outlineOf(file.text), given, content)
		: broken(`It is not clear that your block is the whole of ${file.path}. ${HOW}`);
}

/** Files that words name, a test only for a block that holds tests. @param names of what the block defines */
function filesNamed(words: string, files: readonly FileInPlay[], names: readonly string[]): readonly FileInPlay[] {
	const holdsTests = names.some((name) => /^test/i.test(name));
	const isNamed = (name: string) =>
		new RegExp(`(?<![\\w./-])${name.replace(/[^\w/]/g, "\\$&")}(?![\\w/-])`).test(words);
	return files.filter(
		({ path }) =>
			isTestFile(path) === holdsTests &&
			(isNamed(path) || (isNamed(nameOf(path)) && onlyOne(files.filter((one) => nameOf(one.path) === nameOf(path))))),
	);
}

function inFile(path: string, file: PythonOutline, given: PythonOutline, content: string): LoneFence | Unchanged {
	const unchanged = { kind: "unchanged", path, text: file.lines.join("\n") } as const;
	const names = new Set(topLevel(given).map(({ name }) => name));
	const isPart = holds(file.lines.join("\n"), [...names], 0);
	const lacking = given.imports.filter((line) => !file.imports.includes(line));
	const onlyDefinitions = given.statements.length === 0 && lacking.length === 0;
	if (onlyDefinitions && isPart) return withSwaps(path, file, given, []) ?? unchanged;
	const assigned = new Set(assignedNames(given));
	const isWhole =
		topLevel(file).every(({ name }) => names.has(name)) && assignedNames(file).every((name) => assigned.has(name));
	if (content === unchanged.text) return unchanged;
	if (isWhole && !onlyDefinitions) return whole(path, content);
	// What stands around the functions stands in the file as well, such as its docstring; imports are what they need.
	const isAround =
		given.statements.every((line) => file.statements.includes(line)) && lacking.every((line) => !/[(\\]$/.test(line));
	return isPart && isAround
		? (withSwaps(path, file, given, lacking) ?? unchanged)
		: broken(`Your block holds only a part of ${path}, and not only functions that stand in it. ${HOW}`);
}

/**
 * Each definition of the block in the place of the one with its name or, where there is none, behind all others, and imports that the
 * file lacks; null where that changes nothing.
 */
function withSwaps(
	path: string,
	file: PythonOutline,
	given: PythonOutline,
	lacking: readonly string[],
): Extract<LoneFence, { kind: "calls" }> | null {
	const swaps = swapsOf(file, given);
	const added = topLevel(given).filter(({ name }) => file.definitions.every((known) => known.name !== name));
	if (swaps.length === 0 && lacking.length === 0 && added.length === 0) return null;
	if (lacking.length > 0 || added.length > 0) {
		const texts = added.map((definition) => textOfDefinition(given, definition));
		return whole(path, withImports(withDefinitions(swapped(file, swaps), texts), lacking));
	}
	const calls = swaps.map(
		({ before, text }): FoundCall => ({
			name: "edit_file",
			arguments: { path, old_text: textOfDefinition(file, before), new_text: text },
		}),
	);
	return { kind: "calls", calls };
}

interface Swap {
	/** In the file. */
	readonly before: Definition;
	readonly text: string;
}

function swapsOf(file: PythonOutline, given: PythonOutline): readonly Swap[] {
	return topLevel(given).flatMap((definition): readonly Swap[] => {
		const before = file.definitions.find(({ name }) => name === definition.name);
		if (before === undefined) return [];
		const text = textOfDefinition(given, definition)
			.split("\n")
			.map((line) => (line.trim() === "" ? line : before.indent + line))
			.join("\n");
		// What is left as it was shown, without its code, stays.
		return textOfDefinition(file, before) === text || text.includes(HIDDEN_MARK) ? [] : [{ before, text }];
	});
}

function swapped({ lines }: PythonOutline, swaps: readonly Swap[]): string {
	// From the last one up, so that the places of the others hold.
	const upwards = swaps.toSorted((one, other) => other.before.start - one.before.start);
	return upwards
		.reduce(
			(known, { before: { start, end }, text }) => [...known.slice(0, start), text, ...known.slice(end)],
			[...lines],
		)
		.join("\n");
}

/** Before the line that runs the module as a program, which may need them, or at the end. */
function withDefinitions(text: string, definitions: readonly string[]): string {
	if (definitions.length === 0) return text;
	const lines = text.split("\n");
	const main = lines.findIndex((line) => line.startsWith("if __name__"));
	const [head, tail] = main < 0 ? [lines, []] : [lines.slice(0, main), lines.slice(main)];
	const parts = [head.join("\n").trimEnd(), ...definitions, ...(tail.length > 0 ? [tail.join("\n").trimEnd()] : [])];
	return `${parts.filter((part) => part !== "").join("\n\n\n")}\n`;
}

/** Whether each of the names is defined once. @param least 0 where one that is not defined counts, too */
function holds(text: string, names: readonly string[], least: 0 | 1 = 1): boolean {
	const counts = new Map<string, number>();
	for (const { name } of outlineOf(text).definitions) counts.set(name, (counts.get(name) ?? 0) + 1);
	return names.every((name) => (counts.get(name) ?? 0) >= least && (counts.get(name) ?? 0) <= 1);
}

/** `# src/app.py` as the first line, which stays, or the path beside the language. */
function namedFence(info: string, content: string): FoundCall | null {
	const first = content.slice(0, content.indexOf("\n"));
	const path = pathOfInfo(info) ?? (/^\s*#/.test(first) ? pathOfLine(first) : null);
	return path === null ? null : { name: "write_file", arguments: { path, content } };
}

/** A model that shows what stands in the file already asks for nothing. */
function isKnown({ arguments: given }: FoundCall, files: readonly FileInPlay[]): boolean {
	return files.some(({ path, text }) => path === given["path"] && text === given["content"]);
}

function isFor(language: string, path: string): boolean {
	const extension = extensionOf(path);
	return language === "" || (LANGUAGES[extension]?.includes(language) ?? language === extension);
}

function extensionOf(path: string): string {
	return path.split(".").at(-1)?.toLowerCase() ?? "";
}

function whole(path: string, content: string): Extract<LoneFence, { kind: "calls" }> {
	return { kind: "calls", calls: [{ name: "write_file", arguments: { path, content } }] };
}

function broken(explanation: string): LoneFence {
	return { kind: "broken", explanation };
}

function onlyOne<T>(items: readonly T[]): T | null {
	const [first, second] = items;
	return first !== undefined && second === undefined ? first : null;
}
