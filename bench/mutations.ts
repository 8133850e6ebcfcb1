/** Seeded changes of a project, as a person, a model or a script would make them; most of them make some test fail. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Random } from "./workspaces/random.ts";

export interface Mutation {
	/** In words, with its file: what to repeat by hand. */
	readonly what: string;
	readonly file: string;
	/** The new text; null deletes the file. */
	readonly text: string | null;
}

/** Sites in Python sources where one small change matters, each with its change. */
const CHANGES: readonly (readonly [RegExp, (found: string) => string])[] = [
	[/(?<=[^\w.]) == (?=\S)/g, () => " != "],
	[/(?<=[^\w.]) != (?=\S)/g, () => " == "],
	[/(?<=\w) \+ (?=\w)/g, () => " - "],
	[/(?<=\w) - (?=\w)/g, () => " + "],
	[/(?<=\w|\)) < (?=\w)/g, () => " >= "],
	[/(?<=\w|\)) > (?=\w)/g, () => " <= "],
	[/\bnot (?=\w)/g, () => ""],
	[/\bTrue\b/g, () => "False"],
	[/\bFalse\b/g, () => "True"],
	[/\bis None\b/g, () => "is not None"],
	[/\bis not None\b/g, () => "is None"],
	[/(?<=\breturn )(?=\w)/g, () => "None and "],
	[/(?<== )\d+\b(?!\.)/g, (found) => String(Number(found) + 1)],
	[/\band\b(?= \w)/g, () => "or"],
];

/** One small change at one place of a Python text, outside comments and docstrings as far as lines show; null where there is none. */
export function mutatePython(file: string, text: string, random: Random): Mutation | null {
	const sites: { readonly at: number; readonly found: string; readonly to: string }[] = [];
	for (const { start, line } of codeLines(text)) {
		for (const [pattern, change] of CHANGES) {
			for (const match of line.matchAll(pattern)) {
				sites.push({ at: start + match.index, found: match[0], to: change(match[0]) });
			}
		}
	}
	if (sites.length === 0) return null;
	const { at, found, to } = random.pick(sites);
	const line = text.slice(0, at).split("\n").length;
	return {
		what: `${file}:${line} ${JSON.stringify(found)} -> ${JSON.stringify(to)}`,
		file,
		text: text.slice(0, at) + to + text.slice(at + found.length),
	};
}

/** Another number in a JSON, CSV or text file; null where there is none. */
export function mutateData(file: string, text: string, random: Random): Mutation | null {
	const numbers = [...text.matchAll(/\d+/g)];
	if (numbers.length === 0) return null;
	const { 0: found, index } = random.pick(numbers);
	const to = String(Number(found) + 1);
	return {
		what: `${file} ${found} -> ${to}`,
		file,
		text: text.slice(0, index) + to + text.slice(index + found.length),
	};
}

/** Applies the mutation beneath each root; the result undoes it. */
export function applyMutation({ file, text }: Mutation, roots: readonly string[]): () => void {
	const before = roots.map((root) => readFileSync(join(root, file)));
	for (const root of roots) {
		if (text === null) rmSync(join(root, file));
		else writeFileSync(join(root, file), text);
	}
	return () => {
		for (const [index, root] of roots.entries()) {
			mkdirSync(dirname(join(root, file)), { recursive: true });
			writeFileSync(join(root, file), before[index] ?? "");
		}
	};
}

function* codeLines(text: string): Generator<{ readonly start: number; readonly line: string }> {
	let start = 0;
	let quoted = false;
	for (const line of text.split("\n")) {
		const marks = line.match(/"""|'''/g)?.length ?? 0;
		if (!quoted && marks === 0 && !/^\s*(#|@|import\b|from\b)/.test(line)) {
			yield { start, line: line.replace(/#.*$/, "") };
		}
		if (marks % 2 === 1) quoted = !quoted;
		start += line.length + 1;
	}
}
