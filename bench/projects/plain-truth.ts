/** What plain pytest finds in a project of others, where some tests fail by themselves and some by chance. */
import type { Environment } from "../environments.ts";
import { failingIds, familyOf, idOf, isAmong, type Outcomes } from "../outcomes.ts";
import { plainOutcomes } from "../plain-tools.ts";

export const ARGUMENTS = ["-q"];
/** Some suites wait for a network, or for a server of their own, for ever. */
const PLAIN_LIMIT_MS = 600_000;

export interface Project {
	readonly root: string;
	/** With the project installed from its root. */
	readonly environment: Environment;
}

/** What plain pytest finds in the project as it is. */
export interface PlainTruth {
	readonly outcomes: Outcomes;
	readonly failing: readonly string[];
	/** Ids, and families of ids, that two plain runs of one text disagreed about. */
	readonly unsteady: Set<string>;
}

/** Two plain runs. @throws Error where plain pytest does not end, runs nothing, or cannot collect a file */
export async function plainTruth({ environment, root }: Project): Promise<PlainTruth> {
	const run = async () => {
		const outcomes = await plainOutcomes(environment, root, ARGUMENTS, PLAIN_LIMIT_MS);
		if (outcomes === null) throw new Error(`Plain pytest did not end within ${PLAIN_LIMIT_MS / 60_000} minutes.`);
		if (outcomes.size === 0) throw new Error("Plain pytest ran nothing.");
		const uncollected = [...outcomes].filter((outcome) => outcome.endsWith("|collect|failed")).map(idOf);
		if (uncollected.length > 0) {
			throw new Error(`Plain pytest cannot collect ${uncollected.join(", ")}: name what they import in the catalog.`);
		}
		return outcomes;
	};
	const [one, other] = [await run(), await run()];
	return { outcomes: one, failing: failingIds(one), unsteady: new Set(disputed(one, other)) };
}

/** Ids of the tests about which two runs disagree; the family of those whose very id only one run has. */
export function disputed(one: Outcomes, other: Outcomes): readonly string[] {
	const [ids, otherIds] = [one, other].map((outcomes) => new Set([...outcomes].map(idOf)));
	return [...one, ...other]
		.filter((outcome) => !one.has(outcome) || !other.has(outcome))
		.map(idOf)
		.map((id) => (id.includes("[") && !(ids?.has(id) && otherIds?.has(id)) ? familyOf(id) : id));
}

export function steady(ids: readonly string[], { unsteady }: PlainTruth): readonly string[] {
	return ids.filter((id) => !isAmong(unsteady, id));
}
