/** A result file as a table for people, and two of them side by side. */
import type { Attempt } from "./attempt.ts";
import { medianOf, wilsonInterval } from "./statistics.ts";
import { KINDS } from "./tasks.ts";

const MS_PER_SECOND = 1000;

export interface Group {
	readonly label: string;
	readonly attempts: readonly Attempt[];
}

/** Attempts by system, setting and model, in the order of their first. */
export function groupsOf(attempts: readonly Attempt[]): readonly Group[] {
	const groups = new Map<string, Attempt[]>();
	for (const attempt of attempts) {
		const label = `${attempt.system} ${attempt.setting === "default" ? "" : `(${attempt.setting}) `}${attempt.model}`;
		const group = groups.get(label);
		if (group === undefined) groups.set(label, [attempt]);
		else group.push(attempt);
	}
	return [...groups].map(([label, members]) => ({ label, attempts: members }));
}

/** A Markdown table: one row a group, then one row a group and kind. */
export function tableOf(attempts: readonly Attempt[]): string {
	const groups = groupsOf(attempts);
	const rows = groups.flatMap(({ label, attempts: members }) => [
		row(label, members),
		...KINDS.map((kind) => ({ kind, of: members.filter((attempt) => attempt.kind === kind) }))
			.filter(({ of }) => of.length > 0)
			.map(({ kind, of }) => row(`- ${kind}`, of)),
	]);
	const head =
		"| system | green | 95 % | falsely green | median time to green | rounds | tokens in / out | cached | malformed | refused | model / probes |";
	return [head, `|${" --- |".repeat(11)}`, ...rows].join("\n");
}

function row(label: string, attempts: readonly Attempt[]): string {
	const green = attempts.filter((attempt) => attempt.green);
	const { low, high } = wilsonInterval(green.length, attempts.length);
	const falsely = attempts.filter((attempt) => attempt.claimedGreen && !attempt.green).length;
	const timed = medianOf(green.map(({ durationMs }) => durationMs));
	const cells = [
		label,
		`${green.length} of ${attempts.length}`,
		`${percent(low)}..${percent(high)}`,
		String(falsely),
		timed === null ? "-" : `${(timed / MS_PER_SECOND).toFixed(0)} s`,
		whole(medianOf(attempts.map(({ rounds }) => rounds))),
		`${whole(medianOf(attempts.map(({ tokensIn }) => tokensIn)))} / ${whole(medianOf(attempts.map(({ tokensOut }) => tokensOut)))}`,
		cachedShare(attempts),
		String(sum(attempts, ({ malformed }) => malformed)),
		String(sum(attempts, ({ editsRefused }) => editsRefused)),
		phaseShare(attempts),
	];
	return `| ${cells.join(" | ")} |`;
}

/** Tasks of which the two differ, and the change of the counts and of the median time on the tasks that both solve. */
export function comparisonOf(before: readonly Attempt[], after: readonly Attempt[]): string {
	const solved = (attempts: readonly Attempt[]) =>
		new Map(attempts.filter(({ green }) => green).map((attempt) => [attempt.task, attempt.durationMs]));
	const [old, now] = [solved(before), solved(after)];
	const both = [...old.keys()].filter((task) => now.has(task));
	const times = [old, now].map((side) => medianOf(both.map((task) => side.get(task) ?? 0)));
	const [oldTime, newTime] = times;
	const ratio = oldTime == null || newTime == null || newTime === 0 ? "-" : `${(oldTime / newTime).toFixed(2)}x`;
	const only = (side: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>) =>
		[...side.keys()].filter((task) => !other.has(task)).join(", ") || "none";
	return [
		`green: ${old.size} before, ${now.size} after`,
		`solved only before: ${only(old, now)}`,
		`solved only after: ${only(now, old)}`,
		`median time on the ${both.length} tasks that both solve: ${ratio} faster`,
	].join("\n");
}

function cachedShare(attempts: readonly Attempt[]): string {
	const told = attempts.filter(({ tokensCached }) => tokensCached !== null);
	const all = sum(told, ({ tokensIn }) => tokensIn);
	return all === 0 ? "-" : percent(sum(told, ({ tokensCached }) => tokensCached ?? 0) / all);
}

function phaseShare(attempts: readonly Attempt[]): string {
	const told = attempts.flatMap(({ phases }) => (phases === null ? [] : [phases]));
	const [model, probe] = [
		told.reduce((total, phases) => total + phases.model, 0),
		told.reduce((total, phases) => total + phases.probe, 0),
	];
	const all = told.reduce((total, { context, tools }) => total + context + tools, model + probe);
	return all === 0 ? "-" : `${percent(model / all)} / ${percent(probe / all)}`;
}

function sum(attempts: readonly Attempt[], value: (attempt: Attempt) => number): number {
	return attempts.reduce((total, attempt) => total + value(attempt), 0);
}

function percent(share: number): string {
	return `${(share * 100).toFixed(0)} %`;
}

function whole(value: number | null): string {
	return value === null ? "-" : value.toFixed(0);
}
