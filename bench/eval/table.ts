/** A result file as tables for people: what each group came to, by kind, and where its time went. */
import type { Attempt } from "./attempt.ts";
import { groupsOf, sumOf } from "./groups.ts";
import { markdownTable, percent, seconds, whole } from "./markdown.ts";
import { medianOf, wilsonInterval } from "./statistics.ts";
import { KINDS } from "./tasks.ts";

const MOST_FAILURES = 15;

/** One row a group. Rounds and tokens are medians of all attempts; the counts behind them are sums. */
export function tableOf(attempts: readonly Attempt[]): string {
	const head = [
		...["system and model", "green", "95 %", "falsely green", "median time to green", "rounds", "tokens in / out"],
		...["cached", "malformed answers", "edits refused", "fixed by ruff"],
	];
	return markdownTable(
		head,
		groupsOf(attempts).map(({ label, attempts: members }) => [label, ...successOf(members), ...workOf(members)]),
	);
}

/** One row a kind, two columns a group: green, and the median time to green. */
export function kindTableOf(attempts: readonly Attempt[]): string {
	const groups = groupsOf(attempts);
	return markdownTable(
		["kind", ...groups.map(({ label }) => label)],
		KINDS.map((kind) => [
			kind,
			...groups.map(({ attempts: members }) => {
				const ofKind = members.filter((attempt) => attempt.kind === kind);
				const green = ofKind.filter((attempt) => attempt.green);
				const time = medianOf(green.map(({ durationMs }) => durationMs));
				return `${green.length} of ${ofKind.length}${time === null ? "" : `, ${seconds(time)}`}`;
			}),
		]),
	);
}

/** Shares of the time of all attempts of a group. */
export function timeTableOf(attempts: readonly Attempt[]): string {
	return markdownTable(
		["system and model", "model", "of it reading", "of it writing", "probes", "probes a round", "everything else"],
		groupsOf(attempts).map(({ label, attempts: members }) => {
			const told = members.filter(({ phases }) => phases !== null);
			const all = sumOf(told, ({ durationMs }) => durationMs);
			const share = (value: (attempt: Attempt) => number) => (all === 0 ? "-" : percent(sumOf(told, value) / all));
			const within = told.filter(({ modelPhases }) => modelPhases !== null);
			const part = (value: (attempt: Attempt) => number) => (within.length === 0 ? "-" : share(value));
			const rounds = sumOf(told, (attempt) => attempt.rounds);
			const probeMs = sumOf(told, ({ phases }) => phases?.probe ?? 0);
			return [
				label,
				share(({ phases }) => phases?.model ?? 0),
				part(({ modelPhases }) => modelPhases?.prefill ?? 0),
				part(({ modelPhases }) => modelPhases?.decode ?? 0),
				share(({ phases }) => phases?.probe ?? 0),
				rounds === 0 ? "-" : `${(probeMs / rounds).toFixed(0)} ms`,
				share(({ phases, durationMs }) => durationMs - (phases?.model ?? 0) - (phases?.probe ?? 0)),
			];
		}),
	);
}

/** Attempts that ended without green, those that took longest first. */
export function failureTableOf(attempts: readonly Attempt[], most = MOST_FAILURES): string {
	const failed = attempts
		.filter(({ system, green }) => system === "jetbox" && !green)
		.toSorted((one, other) => other.durationMs - one.durationMs);
	return markdownTable(
		["task", "setting and model", "time", "rounds", "refused", "its end", "what the judge saw"],
		failed
			.slice(0, most)
			.map(({ task, setting, model, durationMs, rounds, editsRefused, ending, detail }) => [
				task,
				`${setting} ${model}`,
				seconds(durationMs),
				String(rounds),
				String(editsRefused),
				inCell(ending),
				inCell(detail),
			]),
	);
}

function successOf(attempts: readonly Attempt[]): readonly string[] {
	const green = attempts.filter((attempt) => attempt.green);
	const { low, high } = wilsonInterval(green.length, attempts.length);
	return [
		`${green.length} of ${attempts.length}`,
		`${percent(low)}..${percent(high)}`,
		String(attempts.filter((attempt) => attempt.claimedGreen && !attempt.green).length),
		seconds(medianOf(green.map(({ durationMs }) => durationMs))),
	];
}

function workOf(attempts: readonly Attempt[]): readonly string[] {
	const median = (value: (attempt: Attempt) => number) => whole(medianOf(attempts.map(value)));
	const answers = sumOf(attempts, (attempt) => attempt.answers);
	const malformed = sumOf(attempts, (attempt) => attempt.malformed);
	return [
		median(({ rounds }) => rounds),
		`${median(({ tokensIn }) => tokensIn)} / ${median(({ tokensOut }) => tokensOut)}`,
		cachedShare(attempts),
		answers === 0 ? String(malformed) : `${malformed} of ${answers} (${percent(malformed / answers)})`,
		String(sumOf(attempts, ({ editsRefused }) => editsRefused)),
		String(sumOf(attempts, ({ deterministicFixes }) => deterministicFixes)),
	];
}

function cachedShare(attempts: readonly Attempt[]): string {
	const told = attempts.filter(({ tokensCached }) => tokensCached !== null);
	const all = sumOf(told, ({ tokensIn }) => tokensIn);
	return all === 0 ? "-" : percent(sumOf(told, ({ tokensCached }) => tokensCached ?? 0) / all);
}

function inCell(text: string): string {
	const line = text.replaceAll("|", "/").replace(/\s+/g, " ").trim();
	return line.length <= 140 ? line : `${line.slice(0, 140)}...`;
}
