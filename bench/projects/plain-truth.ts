/** What plain pytest finds in a project of others, where some tests fail by themselves and some by chance. */
import type { Environment } from "../environments.ts";
import { failingIds, idOf, type Outcomes } from "../outcomes.ts";
import { plainOutcomes } from "../plain-tools.ts";

export const ARGUMENTS = ["-q"];

export interface Project {
	readonly root: string;
	/** With the project installed from its root. */
	readonly environment: Environment;
}

/** What plain pytest finds in the project as it is. */
export interface PlainTruth {
	readonly outcomes: Outcomes;
	readonly failing: readonly string[];
	/** Ids that two plain runs of one text disagreed about. */
	readonly unsteady: Set<string>;
}

/** Two plain runs. @throws Error where plain pytest does not end, runs nothing, or cannot collect a file */
export async function plainTruth({ environment, root }: Project): Promise<PlainTruth> {
	const run = async () => {
		const outcomes = await plainOutcomes(environment, root, ARGUMENTS, 0);
		if (outcomes === null || outcomes.size === 0) throw new Error("Plain pytest ran nothing.");
		const uncollected = [...outcomes].filter((outcome) => outcome.endsWith("|collect|failed")).map(idOf);
		if (uncollected.length > 0) {
			throw new Error(`Plain pytest cannot collect ${uncollected.join(", ")}: name what they import in the catalog.`);
		}
		return outcomes;
	};
	const [one, other] = [await run(), await run()];
	return { outcomes: one, failing: failingIds(one), unsteady: new Set(disputed(one, other)) };
}

/** Ids of the tests about which two runs disagree. */
export function disputed(one: Outcomes, other: Outcomes): readonly string[] {
	return [...one, ...other].filter((outcome) => !one.has(outcome) || !other.has(outcome)).map(idOf);
}

export function steady(ids: readonly string[], { unsteady }: PlainTruth): readonly string[] {
	return ids.filter((id) => !unsteady.has(id));
}
