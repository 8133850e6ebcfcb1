/** Rows on M and L: affected verdicts, whole suites, hits. */
import type { BenchContext } from "../context.ts";
import { assertGreen, type BenchEngine } from "../engine.ts";
import { fasterRow, type Result, takeTurns, timed } from "../measure.ts";
import { generateLarge, generateMedium, type LayeredWorkspace } from "../workspaces/layered.ts";
import type { LayeredModule } from "../workspaces/layered-modules.ts";
import { editOf, engineCopy, plainCopy } from "./edited-copy.ts";

const PLAIN = "ruff, then pytest";

export async function mediumRows(context: BenchContext): Promise<readonly Result[]> {
	const { plain: environment, amounts } = context;
	const medium = generateMedium();
	const edited = editOf(medium.typical);
	const plain = plainCopy(context, environment, medium, edited, "plain");
	const ours = await engineCopy(context, environment, medium, edited, "engine");
	const whole = await engineCopy(context, environment, medium, edited, "whole");
	const shared = await engineCopy(context, environment, medium, edited, "shared", { twoWorkers: true });
	const of = await takeTurns(amounts.pairs, [
		{ name: "plain", sample: plain.pass },
		{ name: "affected", sample: ours.pass, times: 3 },
		{ name: "full", sample: () => fullVerdict(whole, medium) },
		{ name: "shared", sample: () => fullVerdict(shared, medium) },
	]);
	const other = of("plain");
	return [
		fasterRow({
			id: "probe-M",
			what: `M, an edit that ${medium.typical.name} of layer ${medium.typical.layer} passes, affected verdict`,
			one: of("affected"),
			other,
			otherName: PLAIN,
			goal: 12,
		}),
		fasterRow({
			id: "full-M",
			what: "M, the whole suite in one worker",
			one: of("full"),
			other,
			otherName: PLAIN,
			goal: 1.4,
		}),
		fasterRow({
			id: "full-M-two",
			what: "M, the whole suite shared by two workers",
			one: of("shared"),
			other,
			otherName: PLAIN,
			goal: 2,
		}),
	];
}

export async function largeRows(context: BenchContext): Promise<readonly Result[]> {
	const { plain: environment, amounts } = context;
	const large = generateLarge();
	const plain = plainCopy(context, environment, large, editOf(large.typical), "plain");
	const typical = await engineCopy(context, environment, large, editOf(large.typical), "typical");
	const hub = await engineCopy(context, environment, large, editOf(large.hub), "hub");
	const whole = await engineCopy(context, environment, large, editOf(large.typical), "whole");
	const shared = await engineCopy(context, environment, large, editOf(large.typical), "shared", { twoWorkers: true });
	const of = await takeTurns(amounts.largePairs, [
		{ name: "plain", sample: plain.pass },
		{ name: "typical", sample: typical.pass, times: 3 },
		{ name: "hub", sample: hub.pass },
		{ name: "first", sample: typical.firstFailure, times: 3 },
		{ name: "full", sample: () => fullVerdict(whole, large) },
		{ name: "shared", sample: () => fullVerdict(shared, large) },
	]);
	const other = of("plain");
	const row = (id: string, what: string, name: "typical" | "hub" | "first" | "full" | "shared", goal: number) =>
		fasterRow({ id, what: `L, ${what}`, one: of(name), other, otherName: PLAIN, goal });
	return [
		row("probe-L-typical", `an edit that ${reach(large, large.typical)} depend on, affected verdict`, "typical", 40),
		row("probe-L-hub", `an edit that ${reach(large, large.hub)} depend on, affected verdict`, "hub", 7),
		row("first-fail-L", "an edit that breaks, until the first failing test is told", "first", 100),
		row("full-L", "the whole suite in one worker", "full", 0.95),
		row("full-L-two", "the whole suite shared by two workers", "shared", 1.5),
	];
}

function reach({ reach }: LayeredWorkspace, module: LayeredModule): string {
	const files = [...reach.values()].filter((reached) => reached.has(module)).length;
	return `${files} of ${reach.size} test files`;
}

async function fullVerdict(
	{ edits, engine }: { readonly edits: { pass(): void }; readonly engine: BenchEngine },
	{ counts }: LayeredWorkspace,
): Promise<number> {
	const ms = await timed(async () => {
		edits.pass();
		assertGreen(await engine.probe("full", true), counts);
	});
	await engine.rest();
	return ms;
}
