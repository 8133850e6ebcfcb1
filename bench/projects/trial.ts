/** One project as its authors wrote it: every form against plain pytest, seeded mutations, and the time from an edit to the verdict. */
import type { Amounts } from "../context.ts";
import type { Engines } from "../engine.ts";
import { FORMS } from "../forms.ts";
import { unequal } from "../gates/equal-tests.ts";
import type { Spread } from "../measure.ts";
import { type MutationTally, tryMutations } from "./mutated.ts";
import { type PlainTruth, type Project, plainTruth } from "./plain-truth.ts";
import { timeEdits } from "./timed-edits.ts";

const MIN_TIMEOUT_MS = 20_000;
const TIMEOUT_FACTOR = 4;

export interface Trial extends Readonly<MutationTally> {
	/** Outcomes that plain pytest reports. */
	readonly outcomes: number;
	/** Why outcomes of a form differ from plain pytest's, one entry for each form that does. */
	readonly unequal: readonly string[];
	/** Tests whose outcome two plain runs of the same text disagree about. */
	readonly unsteady: number;
	readonly plain: Spread;
	readonly verdict: Spread;
}

/** @throws Error where plain pytest does not end, or runs nothing */
export async function tryProject(
	project: Project,
	engines: Engines,
	{ mutations, pairs }: Amounts["projects"],
): Promise<Trial> {
	const { environment } = project;
	environment.setRecording(true);
	try {
		const startedAt = performance.now();
		const truth = await plainTruth(project);
		const timeoutMs = MIN_TIMEOUT_MS + Math.ceil(TIMEOUT_FACTOR * (performance.now() - startedAt));
		const words = await unequalForms(project, engines, truth);
		const tally = await tryMutations(project, engines, truth, mutations, timeoutMs);
		environment.setRecording(false);
		const times = await timeEdits(project, engines, truth, pairs);
		return { outcomes: truth.outcomes.size, unequal: words, unsteady: truth.unsteady.size, ...tally, ...times };
	} finally {
		environment.setRecording(false);
	}
}

async function unequalForms(
	{ root, environment }: Project,
	engines: Engines,
	{ outcomes, unsteady }: PlainTruth,
): Promise<readonly string[]> {
	const words: string[] = [];
	for (const form of FORMS) {
		const found = await unequal({ engines, environment, root, form, plain: outcomes, counts: null, except: unsteady });
		if (found !== "") words.push(`${form.name}: ${found}`);
	}
	return words;
}
