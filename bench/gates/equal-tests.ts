/** Gate: in every form the tests that run, and how each ends, are those of plain pytest. */
import type { WorkspaceReport } from "../../src/core/probes/report.ts";
import { type BenchContext, workspaceFor } from "../context.ts";
import type { Engines } from "../engine.ts";
import type { Environment } from "../environments.ts";
import { FORMS, type Form } from "../forms.ts";
import type { Result } from "../measure.ts";
import { difference, failingIds, isAmong, type Outcomes, without } from "../outcomes.ts";
import { plainOutcomes } from "../plain-tools.ts";
import { generateAwkward } from "../workspaces/awkward.ts";
import { generateHeavy } from "../workspaces/heavy.ts";
import { generateLarge, generateMedium } from "../workspaces/layered.ts";
import { generateSmall } from "../workspaces/small.ts";
import { generateTricky } from "../workspaces/tricky.ts";
import type { GeneratedWorkspace } from "../workspaces/workspace.ts";

const TIMEOUT_MS = 300_000;

export async function equalTests(context: BenchContext): Promise<Result> {
	const workspaces = [
		generateSmall(),
		generateMedium(),
		generateLarge(),
		generateHeavy(),
		generateAwkward(),
		generateTricky(),
	];
	const differences: string[] = [];
	let compared = 0;
	for (const workspace of workspaces) {
		const environment = workspace.id === "F" ? context.heavy : context.plain;
		environment.setRecording(true);
		try {
			for (const words of await unequalForms(context, environment, workspace)) differences.push(words);
			compared += FORMS.length;
		} finally {
			environment.setRecording(false);
		}
	}
	for (const words of differences) console.error(`equal-tests: ${words}`);
	return {
		id: "equal-tests",
		what: `gate: outcomes equal to plain pytest's, ${FORMS.length} forms (${FORMS.map(({ name }) => name).join(", ")}) on S M L F Q T`,
		measured: `${compared - differences.length} of ${compared} equal`,
		goal: "all equal",
		met: differences.length === 0,
		figures: { compared, different: differences.length },
	};
}

async function unequalForms(
	context: BenchContext,
	environment: Environment,
	workspace: GeneratedWorkspace,
): Promise<readonly string[]> {
	const plain = await plainOutcomes(
		environment,
		workspaceFor(context, workspace, "equal-plain"),
		["tests/", "-q"],
		TIMEOUT_MS,
	);
	if (plain === null) return [`${workspace.id}: plain pytest did not end`];
	const words: string[] = [];
	for (const [index, form] of FORMS.entries()) {
		const root = workspaceFor(context, workspace, `equal-${index}`);
		const found = await unequal({
			...{ engines: context.engines, environment, root, form, plain },
			...{ counts: workspace.counts, except: new Set() },
		});
		if (found !== "") words.push(`${workspace.id}, ${form.name}: ${found}`);
	}
	return words;
}

/** One form on one copy of a project, and what plain pytest found there. */
export interface Comparison {
	readonly engines: Engines;
	readonly environment: Environment;
	readonly root: string;
	readonly form: Form;
	readonly plain: Outcomes;
	/** Null where the project does not say. */
	readonly counts: GeneratedWorkspace["counts"] | null;
	/** Ids of tests that no two runs of plain pytest agree about. */
	readonly except: ReadonlySet<string>;
}

/** In words how a form differs from plain pytest; empty where it does not. */
export async function unequal({
	engines,
	environment,
	root,
	form,
	plain,
	counts,
	except,
}: Comparison): Promise<string> {
	const engine = engines.open(environment, root, { ...form.settings, ruffEnabled: false });
	try {
		const { result, outcomes } = await environment.recorded(() => engine.probe("full", true));
		const [known, found] = [without(plain, except), without(outcomes, except)];
		return [difference(known, found), toldDifferently(result, known, counts, except)]
			.filter((words) => words !== "")
			.join("; ");
	} finally {
		await engine.dispose();
	}
}

/** Whether what the engine tells differs from what ran. */
function toldDifferently(
	{ pytest }: WorkspaceReport,
	plain: Outcomes,
	counts: GeneratedWorkspace["counts"] | null,
	except: ReadonlySet<string>,
): string {
	if (pytest.status === "not-run") return `not run: ${pytest.message}`;
	const told = [...new Set(pytest.findings.map(({ testId }) => testId))].filter((id) => !isAmong(except, id)).sort();
	const failing = failingIds(plain);
	if (told.join("\n") !== failing.join("\n")) return `told failing ${told.join(" ")} instead of ${failing.join(" ")}`;
	if (counts !== null && JSON.stringify(pytest.counts) !== JSON.stringify(counts)) {
		return `told ${JSON.stringify(pytest.counts)} instead of ${JSON.stringify(counts)}`;
	}
	return "";
}
