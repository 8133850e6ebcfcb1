/** Repairs that the message itself points at: names that are not known, and text that does not parse. */

import type { RepairKind } from "./evidence.ts";
import { closestName, STANDARD_MODULES, standardImport } from "./names.ts";
import { type Failure, isTestFile } from "./probe-message.ts";
import { maskedLines, moduleName, namesIn } from "./python-source.ts";

/** Lines `start` to `end` (exclusive, from 0) of a file replaced. */
export interface PlacedRepair {
	readonly kind: RepairKind;
	readonly path: string;
	readonly start: number;
	readonly end: number;
	readonly lines: readonly string[];
	/** The greater, the sooner. */
	readonly score: number;
}

type Files = ReadonlyMap<string, string>;

/** The name that a message says is not known, and what sort of ignorance it is. */
export function unknownName(
	message: string,
): { readonly name: string; readonly sort: "name" | "attribute" | "module" | "key" } | null {
	const patterns = [
		[/name '(\w+)' is not defined|Undefined name `(\w+)`|cannot import name '(\w+)'|local variable '(\w+)'/, "name"],
		[/has no attribute '(\w+)'|unexpected keyword argument '(\w+)'/, "attribute"],
		[/No module named '([\w.]+)'/, "module"],
		[/^KeyError: '([^']+)'/, "key"],
	] as const;
	for (const [pattern, sort] of patterns) {
		const name = pattern
			.exec(message)
			?.slice(1)
			.find((group) => group !== undefined);
		if (name !== undefined) return { name, sort };
	}
	return null;
}

/** @param definitions files known to define a name, by searches */
export function nameRepairs(
	failure: Failure,
	files: Files,
	definitions: ReadonlyMap<string, readonly string[]>,
): readonly PlacedRepair[] {
	const unknown = unknownName(failure.message);
	if (unknown === null) return [];
	const { name, sort } = unknown;
	const sources = [...files].filter(([path]) => !isTestFile(path));
	const place = failure.frame !== null && !isTestFile(failure.frame.file) ? failure.frame.file : null;
	if (sort === "key") return sources.flatMap(([path, text]) => keyRepairs(path, text, name, sources));
	return [
		...(sort === "name" && place !== null ? importRepairs(place, files, name, definitions) : []),
		...sources.flatMap(([path, text]) => usageRepairs(path, text, name, sort, sources, place, failure)),
		...sources.flatMap(([path, text]) => definitionRepairs(path, text, name, place)),
	];
}

/** The import that is missing, put before the first import or the first code. */
export function importRepairs(
	path: string,
	files: Files,
	name: string,
	definitions: ReadonlyMap<string, readonly string[]>,
): readonly PlacedRepair[] {
	const text = files.get(path);
	if (text === undefined) return [];
	const inFiles = [...files].filter(([, source]) => definesTop(source, name)).map(([file]) => file);
	const defining = [...new Set([...inFiles, ...(definitions.get(name) ?? [])])].filter(
		(file) => file !== path && !isTestFile(file),
	);
	const statements = [standardImport(name), ...defining.map((file) => `from ${moduleName(file)} import ${name}`)];
	const lines = maskedLines(text);
	const raw = text.split("\n");
	const firstImport = lines.findIndex((line) => /^(import|from) /.test(line) && !line.includes("__future__"));
	const at =
		firstImport >= 0
			? firstImport
			: lines.findIndex((line, index) => line.trim() !== "" || (raw[index] ?? "").trim() === "");
	const start = Math.max(0, at);
	const gap = firstImport >= 0 ? [] : [""];
	return statements
		.filter((statement) => statement !== null)
		.map((statement) => ({
			kind: "import",
			path,
			start,
			end: start + 1,
			lines: [statement, ...gap, raw[start] ?? ""],
			score: 30,
		}));
}

function definesTop(text: string, name: string): boolean {
	return maskedLines(text).some((line) =>
		new RegExp(`^(?:(?:async )?def|class)\\s+${name}\\b|^${name}\\s*[:=]`).test(line),
	);
}

/** The mistyped name where it is used. */
function usageRepairs(
	path: string,
	text: string,
	name: string,
	sort: "name" | "attribute" | "module",
	sources: readonly (readonly [string, string])[],
	place: string | null,
	{ frame }: Failure,
): readonly PlacedRepair[] {
	const known =
		sort === "module" ? [...STANDARD_MODULES, ...sources.map(([file]) => moduleName(file))] : knownNames(sources, text);
	const meant = closestName(name, known);
	if (meant === null) return [];
	const pattern = new RegExp(`\\b${name.replaceAll(".", "\\.")}\\b`, "g");
	return maskedLines(text).flatMap((code, index) => {
		if (code.search(pattern) < 0 || new RegExp(`\\b(def|class)\\s+${name}\\b`).test(code)) return [];
		const line = text.split("\n")[index] ?? "";
		const onFrame = frame?.file === path && frame.line - 1 === index;
		const score = 22 + (path === place ? 3 : 0) + (onFrame ? 4 : 0);
		return [
			{ kind: "name", path, start: index, end: index + 1, lines: [line.replace(pattern, meant)], score } as const,
		];
	});
}

/** The definition, where the tests or callers name it otherwise. */
function definitionRepairs(path: string, text: string, name: string, place: string | null): readonly PlacedRepair[] {
	const lines = maskedLines(text);
	const defined = lines.flatMap((line, index) => {
		const found = /^\s*(?:(?:async )?def|class)\s+(\w+)/.exec(line)?.[1];
		return found === undefined ? [] : [{ found, index }];
	});
	const meant = closestName(
		name,
		defined.map(({ found }) => found),
	);
	return defined
		.filter(({ found }) => found === meant && found !== name)
		.map(({ found, index }) => ({
			kind: "name",
			path,
			start: index,
			end: index + 1,
			lines: [(text.split("\n")[index] ?? "").replace(new RegExp(`\\b${found}\\b`), name)],
			score: path === place ? 17 : 20,
		}));
}

/** Another literal in a key's place. */
function keyRepairs(
	path: string,
	text: string,
	key: string,
	sources: readonly (readonly [string, string])[],
): readonly PlacedRepair[] {
	const literals = sources.flatMap(([, source]) =>
		[...source.matchAll(/["']([\w -]{1,40})["']/g)].map((match) => match[1] ?? ""),
	);
	const meant = closestName(key, new Set(literals));
	if (meant === null) return [];
	return text.split("\n").flatMap((line, index) =>
		[`"${key}"`, `'${key}'`]
			.filter((literal) => line.includes(literal))
			.map(
				(literal) =>
					({
						kind: "name",
						path,
						start: index,
						end: index + 1,
						lines: [line.replace(literal, literal.replace(key, meant))],
						score: 22,
					}) as const,
			),
	);
}

function knownNames(sources: readonly (readonly [string, string])[], text: string): ReadonlySet<string> {
	const defined = sources.flatMap(([, source]) =>
		[
			...maskedLines(source)
				.join("\n")
				.matchAll(/(?:def|class)\s+(\w+)|^\s*(?:self\.)?(\w+)\s*[:=]/gm),
		].map((match) => match[1] ?? match[2] ?? ""),
	);
	return new Set([...defined, ...namesIn(maskedLines(text).join("\n")), ...BUILTINS, ...STANDARD_MODULES]);
}

const BUILTINS =
	"abs all any append bool count dict enumerate extend float format get index insert int isinstance items join keys len list lower map max min pop print range remove replace reversed round set sorted split startswith str strip sum tuple update upper values zip ValueError KeyError TypeError".split(
		" ",
	);

/** A colon or a bracket that the parser misses. */
export function syntaxRepairs(
	{ message, frame }: Pick<Failure, "message" | "frame">,
	files: Files,
): readonly PlacedRepair[] {
	const line = frame === null ? undefined : files.get(frame.file)?.split("\n")[frame.line - 1];
	if (frame === null || line === undefined || isTestFile(frame.file)) return [];
	const replaced = (text: string): PlacedRepair => ({
		kind: "syntax",
		path: frame.file,
		start: frame.line - 1,
		end: frame.line,
		lines: [text],
		score: 40,
	});
	if (/expected ':'/i.test(message)) return [replaced(`${line.trimEnd()}:`)];
	const open = /'([([{])' was never closed/.exec(message)?.[1];
	if (open === undefined)
		return /invalid syntax/.test(message)
			? [replaced(line.replace(/(\bif\b[^=]*[^=!<>])=([^=])/, "$1==$2")), replaced(`${line.trimEnd()}:`)]
			: [];
	const close = { "(": ")", "[": "]", "{": "}" }[open] ?? "";
	return [replaced(line.trimEnd() + close), replaced(line.replace(/:\s*$/, `${close}:`))];
}
