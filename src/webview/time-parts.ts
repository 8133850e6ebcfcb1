/** The parts into which a round's time is split, in the order of the table. */
import type { RoundEntry } from "../core/timeline.ts";
import { t } from "./words.ts";

export const TIME_PARTS = ["ruff", "pytest", "context", "load", "prefill", "decode", "tools", "you"] as const;
export type TimePart = (typeof TIME_PARTS)[number];
export type TimeParts = Readonly<Record<TimePart, number>>;

/** Milliseconds of each part, as far as the round has come. ruff and pytest may overlap. */
export function timePartsOf({ probes, model, phases, tools, ...round }: RoundEntry): TimeParts {
	const probeMs = (name: "ruff" | "pytest") =>
		probes.reduce((sum, entry) => sum + (entry.probe === name && entry.status !== "running" ? entry.durationMs : 0), 0);
	const toolMs = tools.reduce((sum, { result }) => sum + (result?.durationMs ?? 0), 0);
	const waitedMs = tools.reduce((sum, { result }) => sum + (result?.waitedMs ?? 0), 0);
	return {
		ruff: probeMs("ruff"),
		pytest: probeMs("pytest"),
		context: phases?.context ?? 0,
		load: model?.loadMs ?? 0,
		prefill: model?.prefillMs ?? 0,
		decode: model?.decodeMs ?? 0,
		tools: phases?.tools ?? toolMs - waitedMs,
		you: round.waitedMs ?? waitedMs,
	};
}

/** The part's name: two are programs, the others words. */
export function partName(part: TimePart): string {
	switch (part) {
		case "ruff":
		case "pytest":
			return part;
		case "context":
			return t("context");
		case "load":
			return t("load");
		case "prefill":
			return t("prefill");
		case "decode":
			return t("decode");
		case "tools":
			return t("tools");
		case "you":
			return t("you");
	}
}

/** What the part is, in a few words. */
export function partWords(part: TimePart): string {
	switch (part) {
		case "ruff":
			return t("lint");
		case "pytest":
			return t("tests");
		case "context":
			return t("prompt built");
		case "load":
			return t("model into memory");
		case "prefill":
			return t("prompt read");
		case "decode":
			return t("answer written");
		case "tools":
			return t("edits and reads");
		case "you":
			return t("your answers");
	}
}
