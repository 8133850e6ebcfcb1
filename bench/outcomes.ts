/** What bench/python/jetbox_bench_outcomes.py wrote down: which tests ran, and how each ended. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** `node id|phase|outcome`, each once: a body's outcome, a set-up or tear-down that did not pass, a failed collection. */
export type Outcomes = ReadonlySet<string>;

export function listedOutcomes(folder: string): Outcomes {
	const found = new Set<string>();
	for (const name of readdirSync(folder)) {
		for (const line of readFileSync(join(folder, name), "utf8").split("\n")) {
			if (line === "") continue;
			const record: unknown = JSON.parse(line);
			if (!Array.isArray(record)) throw new Error(`The recorder wrote ${line}.`);
			found.add(record.join("|"));
		}
	}
	return found;
}

/** The node id of an outcome. */
export function idOf(outcome: string): string {
	return outcome.split("|").slice(0, -2).join("|");
}

/** Node ids that failed or had an error, sorted. */
export function failingIds(outcomes: Outcomes): readonly string[] {
	return [...new Set([...outcomes].filter((outcome) => outcome.endsWith("|failed")).map(idOf))].sort();
}

/** Stands for all ids of one parametrised test, such as have the time of day in them. */
export function familyOf(id: string): string {
	return `${id.split("[", 1)[0]}[*]`;
}

/** @param ids of tests, or of their families */
export function isAmong(ids: ReadonlySet<string>, id: string): boolean {
	return ids.has(id) || ids.has(familyOf(id));
}

/** @param ids of tests, or of their families */
export function without(outcomes: Outcomes, ids: ReadonlySet<string>): Outcomes {
	return ids.size === 0 ? outcomes : new Set([...outcomes].filter((outcome) => !isAmong(ids, idOf(outcome))));
}

/** What one run had and the other had not, shortened for people; empty when the sets are equal. */
export function difference(plain: Outcomes, other: Outcomes): string {
	const missing = [...plain].filter((outcome) => !other.has(outcome));
	const extra = [...other].filter((outcome) => !plain.has(outcome));
	if (missing.length + extra.length === 0) return "";
	const some = (outcomes: readonly string[]) => `${outcomes.length} (${outcomes.slice(0, 3).join("; ")})`;
	return [
		missing.length > 0 ? `plain pytest alone has ${some(missing)}` : "",
		extra.length > 0 ? `the engine alone has ${some(extra)}` : "",
	]
		.filter((words) => words !== "")
		.join(", ");
}
