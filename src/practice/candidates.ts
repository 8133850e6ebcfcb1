/** All repairs that a failing test suggests, the likeliest first. */
import { evidenceOf, OTHER } from "./evidence.ts";
import { nameRepairs, type PlacedRepair, syntaxRepairs } from "./name-repairs.ts";
import { type Failure, isTestFile, type Probe } from "./probe-message.ts";
import { indentOf, maskedLines } from "./python-source.ts";
import { type Reach, reachOf } from "./reach.ts";
import { type LineContext, repairsOf } from "./repairs.ts";

const ON_FRAME = 5;
const NAMED_BY_PYTEST = 3;
const PER_CALL = 1.5;
const SHARED = 1;
const CLAMPED = 5;
const PER_RANK = 1;
const MOST_RANK = 3;
/** The order of the templates decides between equals. */
const PER_ORDER = 0.02;

/**
 * @param base the probe that the files belong to; what several failing tests share is likelier
 * @param definitions files known to define a name, by searches
 */
export function candidatesFor(
	failure: Failure,
	base: Probe,
	files: ReadonlyMap<string, string>,
	definitions: ReadonlyMap<string, readonly string[]>,
): readonly PlacedRepair[] {
	const reach = reachOf(failure, files);
	const shared = base.failures.length < 2 ? new Map<string, number>() : sharedPlaces(base, files);
	const evidence = evidenceOf(failure);
	const found: PlacedRepair[] = [...syntaxRepairs(failure, files), ...nameRepairs(failure, files, definitions)];
	for (const [path, text] of files) {
		if (isTestFile(path) || !path.endsWith(".py")) continue;
		for (const { context, index, weight } of linesOf(path, text, reach)) {
			const place = context.within?.found;
			const bonus =
				(failure.frame?.file === path && failure.frame.line - 1 === index ? ON_FRAME : 0) +
				(place !== undefined && evidence.callers.has(place.name) ? NAMED_BY_PYTEST : 0) +
				(place !== undefined && (shared.get(`${path}:${place.start}`) ?? 0) > 1 ? SHARED : 0);
			for (const [order, { kind, lines, rank = 0 }] of repairsOf(context, evidence).entries()) {
				const clamped = kind === "swap" && evidence.numbers?.actual === 0 && isClampedDifference(context);
				const score =
					(evidence.likely[kind] ?? OTHER) +
					bonus +
					(clamped ? CLAMPED : 0) +
					weight -
					Math.min(rank, MOST_RANK) * PER_RANK -
					order * PER_ORDER;
				found.push({ kind, path, start: index, end: index + 1, lines, score });
			}
		}
	}
	return found.sort((a, b) => b.score - a.score);
}

interface PlacedLine {
	readonly context: LineContext;
	readonly index: number;
	readonly weight: number;
}

/** Lines of the functions reached, and of the module's and classes' own code as far as it sets a name on the way. */
function linesOf(path: string, text: string, { functions, names }: Reach): readonly PlacedLine[] {
	const raw = text.split("\n");
	const masked = maskedLines(text);
	const attributes = [
		...new Set([...masked.join("\n").matchAll(/\bself\.(\w+)\s*[-+*/]?=(?!=)/g)].map((match) => match[1] ?? "")),
	];
	const inside = functions.filter(({ found }) => found.path === path);
	const placed: PlacedLine[] = [];
	const taken = new Set<number>();
	// Inner functions first: a line belongs to the innermost.
	for (const { found, depth } of [...inside].sort(
		(a, b) => a.found.end - a.found.start - (b.found.end - b.found.start),
	)) {
		const body = masked.slice(found.start, found.end);
		for (let index = found.start; index < found.end; index += 1) {
			if (taken.has(index)) continue;
			taken.add(index);
			const context = {
				line: raw[index] ?? "",
				code: masked[index] ?? "",
				within: { found, body, offset: index - found.start },
				attributes,
			};
			placed.push({ context, index, weight: -depth * PER_CALL });
		}
	}
	for (const [index, code] of masked.entries()) {
		const name = /^\s*(\w+)\s*(?::[^=]+)?=(?!=)/.exec(code)?.[1];
		if (taken.has(index) || name === undefined || !names.has(name) || indentOf(code) > 4) continue;
		placed.push({ context: { line: raw[index] ?? "", code, within: null, attributes }, index, weight: -PER_CALL });
	}
	return placed;
}

/** A difference in a function that cuts off below 0: taken the wrong way round, it is always 0. */
function isClampedDifference({ code, within }: LineContext): boolean {
	const cutsOff = within?.body.some((line) => /\bmax\((?:0,|.*, 0\))/.test(line)) ?? false;
	return cutsOff && / - /.test(code);
}

/** How many failing tests reach each function. */
function sharedPlaces(base: Probe, files: ReadonlyMap<string, string>): ReadonlyMap<string, number> {
	const counts = new Map<string, number>();
	for (const failure of base.failures) {
		for (const { found } of reachOf(failure, files).functions) {
			const place = `${found.path}:${found.start}`;
			counts.set(place, (counts.get(place) ?? 0) + 1);
		}
	}
	return counts;
}
