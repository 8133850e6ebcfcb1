/** Attempts set against each other on the tasks that both sides tried. */
import type { Attempt } from "./attempt.ts";
import { groupsOf } from "./groups.ts";
import { markdownTable, ratio, seconds } from "./markdown.ts";
import { medianOf } from "./statistics.ts";

interface Paired {
	/** The same task and repeat, once of each side. */
	readonly pairs: readonly (readonly [Attempt, Attempt])[];
	readonly greenOne: number;
	readonly greenOther: number;
	/** Pairs in which both are green. */
	readonly both: readonly (readonly [Attempt, Attempt])[];
	/** Median times of these, in ms. */
	readonly timeOne: number | null;
	readonly timeOther: number | null;
}

/** Each group against the first one of its model: green of the same tasks, and the median time on those that both solve. */
export function pairTableOf(attempts: readonly Attempt[]): string {
	const groups = groupsOf(attempts);
	const rows = groups.flatMap((other) => {
		const first = groups.find((group) => group.attempts[0]?.model === other.attempts[0]?.model);
		if (first === undefined || first === other) return [];
		const { pairs, greenOne, greenOther, both, timeOne, timeOther } = pair(first.attempts, other.attempts);
		return [
			[
				first.label,
				other.label,
				String(pairs.length),
				`${greenOne} : ${greenOther}`,
				ratio(greenOne, greenOther),
				String(both.length),
				`${seconds(timeOne)} : ${seconds(timeOther)}`,
				ratio(timeOther, timeOne),
			],
		];
	});
	const head = ["one", "other", "tasks of both", "green", "ratio", "both solve", "their median time", "faster by"];
	return markdownTable(head, rows);
}

/** Jetbox as it comes, in an earlier file and in this one: tasks of which they differ, and the change of the counts and times. */
export function comparisonOf(before: readonly Attempt[], after: readonly Attempt[]): string {
	const own = (attempts: readonly Attempt[]) =>
		attempts.filter(({ system, setting }) => system === "jetbox" && setting === "default");
	const { pairs, greenOne, greenOther, both, timeOne, timeOther } = pair(own(before), own(after));
	const only = (side: 0 | 1) =>
		pairs.flatMap((attempts) => (attempts[side].green && !attempts[1 - side]?.green ? [attempts[side].task] : []));
	const words = (tasks: readonly string[]) => tasks.join(", ") || "none";
	return [
		`tasks of both: ${pairs.length}`,
		`green: ${greenOne} before, ${greenOther} after`,
		`solved only before: ${words(only(0))}`,
		`solved only after: ${words(only(1))}`,
		`median time on the ${both.length} tasks that both solve: ${seconds(timeOne)} before, ${seconds(timeOther)} after, ${ratio(timeOne, timeOther)} faster`,
	].join("\n");
}

function pair(one: readonly Attempt[], other: readonly Attempt[]): Paired {
	const key = ({ model, task, repeat }: Attempt) => `${model}|${task}|${repeat}`;
	const others = new Map(other.map((attempt) => [key(attempt), attempt]));
	const pairs = one.flatMap((attempt) => {
		const found = others.get(key(attempt));
		return found === undefined ? [] : [[attempt, found] as const];
	});
	const both = pairs.filter(([left, right]) => left.green && right.green);
	return {
		pairs,
		greenOne: pairs.filter(([left]) => left.green).length,
		greenOther: pairs.filter(([, right]) => right.green).length,
		both,
		timeOne: medianOf(both.map(([{ durationMs }]) => durationMs)),
		timeOther: medianOf(both.map(([, { durationMs }]) => durationMs)),
	};
}
