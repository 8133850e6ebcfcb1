/** What a round's probes said, one line for each program: the last answer, and how it was had. */

import { reasonAndFix } from "../core/event-words.ts";
import type { ProbeForm } from "../core/probes/form.ts";
import type { ProbeEntry } from "../core/timeline.ts";
import { el } from "./dom.ts";
import { visible, visibleLine } from "./format.ts";
import { t, tn, told } from "./words.ts";

/** Why a full probe that follows an affected one ran tells nothing beside the reason of the first. */
const NO_REASON = "unchanged";

/** A line for each program that was asked, as a list of names and words; null where none was. */
export function probeList(probes: readonly ProbeEntry[]): HTMLElement | null {
	const rows = probeRows(probes);
	return rows.length === 0
		? null
		: el("dl", { class: "facts" }, ...rows.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, ...value)]));
}

export function probeRows(
	probes: readonly ProbeEntry[],
): readonly (readonly [name: string, value: readonly (Node | string)[]])[] {
	return (["ruff", "pytest"] as const).flatMap((name) => {
		const [first, ...later] = probes.filter(({ probe }) => probe === name);
		return first === undefined ? [] : [[name, probeLine([first, ...later])] as const];
	});
}

/** @param entries of one program, in the order in which they started, at least one */
function probeLine(entries: readonly [ProbeEntry, ...ProbeEntry[]]): readonly (Node | string)[] {
	const last = entries.findLast((entry) => !isBesideOnly(entry)) ?? entries[0];
	const parts = [scopesOf(entries), wavesOf(entries), formsOf(entries), reasonsOf(entries), besideWords(entries)];
	const how = parts.filter((words) => words !== "").join(" · ");
	return [resultOf(last), el("span", { class: "quiet" }, ` · ${how}`)];
}

/** What runs beside the model, or came to no verdict there, says nothing about what was judged before it. */
function isBesideOnly(entry: ProbeEntry): boolean {
	return entry.background === true && (entry.status === "running" || entry.status === "not-run");
}

function besideWords(entries: readonly ProbeEntry[]): string {
	const last = entries.at(-1);
	if (last === undefined || !isBesideOnly(last)) return "";
	if (last.status === "running") return t("full run in the background");
	const isCutOff = last.status === "not-run" && last.reason === "cancelled";
	return isCutOff ? t("full run ended by a change") : t("full run without a verdict");
}

function wavesOf(entries: readonly ProbeEntry[]): string {
	const waves = distinct(entries.map(({ wave }) => wave ?? ""));
	if (waves.length === 0) return "";
	return waves.length === 1 ? t("wave {0}", waves[0] ?? "") : t("waves {0}", waves.join(", "));
}

function resultOf(entry: ProbeEntry): string {
	if (entry.status === "running") {
		return entry.failing === undefined ? t("running") : t("running, failing: {0}", visibleLine(entry.failing));
	}
	if (entry.status === "not-run")
		return t("not run: {0}", visible(reasonAndFix({ message: told(entry.message), fix: told(entry.fix) })));
	const { counts, findingCount } = entry;
	if (counts === null) return tn(findingCount, "{0} problem", "{0} problems");
	return [
		t("{0} passed", counts.passed),
		counts.failed > 0 ? t("{0} failed", counts.failed) : "",
		counts.errors > 0 ? tn(counts.errors, "{0} error", "{0} errors") : "",
		counts.skipped > 0 ? t("{0} skipped", counts.skipped) : "",
	]
		.filter((words) => words !== "")
		.join(", ");
}

function scopesOf(entries: readonly ProbeEntry[]): string {
	const scopes = distinct(entries.map(({ scope }) => (scope === "full" ? t("full") : t("affected"))));
	return scopes.length === 2 ? t("{0}, then {1}", scopes[0] ?? "", scopes[1] ?? "") : scopes.join(", ");
}

function formsOf(entries: readonly ProbeEntry[]): string {
	const done = entries.filter((entry) => entry.status !== "running");
	return distinct(
		done.map(({ cache, form }) => (cache === "hit" ? t("cached") : form === null ? "" : formWords(form))),
	).join(", ");
}

function reasonsOf(entries: readonly ProbeEntry[]): string {
	const reasons = distinct(entries.map((entry) => (entry.status === "running" ? "" : entry.why)));
	const telling = reasons.filter((why) => why !== NO_REASON);
	return (telling.length > 0 ? telling : reasons)
		.map((why) => (why === NO_REASON ? t("unchanged") : visibleLine(told(why))))
		.join("; ");
}

function formWords(form: ProbeForm): string {
	switch (form) {
		case "resident":
			return t("resident server");
		case "command-line":
			return t("command line");
		case "forked":
			return t("forked worker");
		case "parked":
		case "parked-early":
			return t("parked worker");
		case "preloaded":
			return t("preloaded worker");
		case "spawned":
			return t("new interpreter");
		default:
			return ""; // a kept run of another version may have none, or one of its own
	}
}

function distinct(words: readonly string[]): readonly string[] {
	return [...new Set(words)].filter((word) => word !== "");
}
