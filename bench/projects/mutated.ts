/** Seeded mutations of a project: after each the affected verdict against plain pytest, and once more when it is undone. */
import type { WorkspaceReport } from "../../src/core/probes/report.ts";
import { type BenchEngine, type Engines, failingOf } from "../engine.ts";
import { applyMutation, type Mutation } from "../mutations.ts";
import { failingIds, type Outcomes } from "../outcomes.ts";
import { dropBytecode, inventedIds, plainOutcomes } from "../plain-tools.ts";
import { createRandom } from "../workspaces/random.ts";
import { ARGUMENTS, disputed, type PlainTruth, type Project, steady } from "./plain-truth.ts";
import { mutationsOf } from "./project-files.ts";

/** How many, and what they came to. */
export interface MutationTally {
	mutations: number;
	/** Those that made a test fail. */
	failing: number;
	readonly missed: string[];
	readonly invented: string[];
	/** Those after which plain pytest did not end, or did not come to a test. */
	endless: number;
	/** The form that the engine chose in the end, and why none faster. */
	form: string;
}

/** @param timeoutMs a mutation may make a test run for ever */
export async function tryMutations(
	project: Project,
	engines: Engines,
	truth: PlainTruth,
	count: number,
	timeoutMs: number,
): Promise<MutationTally> {
	const { root, environment } = project;
	const tally: MutationTally = { mutations: 0, failing: 0, missed: [], invented: [], endless: 0, form: "" };
	const engine = engines.open(environment, root, { pytestTimeoutMs: timeoutMs, ruffEnabled: false });
	try {
		await engine.probe("full", true);
		for (const mutation of mutationsOf(root, count, createRandom(count))) {
			tally.mutations += 1;
			const undo = applyMutation(mutation, [root]);
			try {
				const report = await engine.probe("affected");
				await judge({ project, truth, mutation, report, timeoutMs }, tally);
			} finally {
				undo();
				dropBytecode(root, mutation.file);
			}
			await judgeUndone(engine, truth, mutation, tally);
		}
	} finally {
		await engine.dispose();
	}
	return tally;
}

interface Verdict {
	readonly project: Project;
	readonly truth: PlainTruth;
	readonly mutation: Mutation;
	readonly report: WorkspaceReport;
	readonly timeoutMs: number;
}

async function judge({ project, truth, mutation, report, timeoutMs }: Verdict, tally: MutationTally): Promise<void> {
	const run = (...further: readonly string[]) => plainAfter(project, mutation, timeoutMs, further);
	const plain = await run();
	const { pytest } = report;
	if (plain === null) {
		tally.endless += 1;
		if (pytest.status === "clean") tally.missed.push(`${mutation.what}: clean, and plain pytest does not end`);
		return;
	}
	if (pytest.status === "not-run") {
		tally.missed.push(`${mutation.what}: not run: ${pytest.message}`);
		return;
	}
	tally.form = [pytest.form, pytest.why].filter((words) => words !== "").join(": ");
	const truly = failingIds(plain);
	const told = failingOf(report);
	const missing = truly.filter((id) => !told.includes(id));
	const extra = await inventedIds(told, truly, run);
	if (steady([...missing, ...extra], truth).length > 0) {
		// A test that fails by chance shows itself when it is asked again.
		const again = await run();
		for (const id of again === null ? [] : disputed(plain, again)) truth.unsteady.add(id);
	}
	if (truly.some((id) => !truth.failing.includes(id))) tally.failing += 1;
	note(tally.missed, mutation.what, steady(missing, truth), pytest.why);
	note(tally.invented, mutation.what, steady(extra, truth), pytest.why);
}

/** Null when pytest did not end in time, or did not come to a test. */
async function plainAfter(
	{ root, environment }: Project,
	{ file }: Mutation,
	timeoutMs: number,
	further: readonly string[],
): Promise<Outcomes | null> {
	dropBytecode(root, file);
	const outcomes = await plainOutcomes(environment, root, [...ARGUMENTS, ...further], timeoutMs);
	return outcomes?.size === 0 ? null : outcomes;
}

async function judgeUndone(
	engine: BenchEngine,
	truth: PlainTruth,
	{ what }: Mutation,
	{ invented, missed }: MutationTally,
): Promise<void> {
	const report = await engine.probe("affected");
	const { pytest } = report;
	if (pytest.status === "not-run") {
		invented.push(`after ${what}: not run: ${pytest.message}`);
		return;
	}
	const left = failingOf(report);
	const stale = left.filter((id) => !truth.failing.includes(id));
	const lost = truth.failing.filter((id) => !left.includes(id));
	note(invented, `after ${what}`, steady(stale, truth), pytest.why);
	note(missed, `after ${what}`, steady(lost, truth), pytest.why);
}

function note(list: string[], what: string, ids: readonly string[], why: string): void {
	if (ids.length > 0) list.push(`${what}: ${ids.slice(0, 3).join(" ")} (${why})`);
}
