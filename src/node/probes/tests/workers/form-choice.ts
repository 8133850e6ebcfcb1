/** Which forms of a run the person, the machine and the project allow, by what runs and processes have shown, and why none faster. */
import type { WorkersSetting } from "../../../../core/probes/engine-messages.ts";
import type { Advice, WorkerPlan } from "./worker-wire.ts";

/** So many failures of ready processes where a new interpreter did its work are no accident. */
const MAX_DEMERITS = 2;

export interface AllowedForms {
	readonly parked: boolean;
	readonly preloaded: boolean;
	/** Why no faster one; for people, empty where all are allowed. */
	readonly why: string;
}

export interface FormChoice {
	allowed(): AllowedForms;
	/** pytest's own word on how it can wait. */
	advise(advice: Advice): void;
	/** Whether that says that a faster form is out of the question, so that its failure tells nothing new. */
	isAdvisedAgainst(): boolean;
	/** A form could not be made ready on the content as it is. @param why for people */
	fail(form: WorkerPlan["form"], why: string): void;
	/** A ready process failed where a new interpreter did its work. */
	blame(why: string): void;
	/** Files changed. @param howTestsRun whether among them are such as decide how tests run */
	changed(howTestsRun: boolean): void;
	/** The processes are for something else from now on. */
	aimedAnew(): void;
}

export function createFormChoice(setting: WorkersSetting): FormChoice {
	const failures = new Map<WorkerPlan["form"], string>();
	let advice: Advice | null = null;
	let demerits: readonly string[] = [];

	const neither = (why: string): AllowedForms => ({ parked: false, preloaded: false, why });
	const preloadedAtMost = (why: string): AllowedForms => {
		const failed = failures.get("preloaded");
		return failed === undefined ? { parked: false, preloaded: true, why } : neither(failed);
	};
	return {
		allowed() {
			if (setting === "off") return neither("ready processes are switched off");
			if (demerits.length >= MAX_DEMERITS) return neither(demerits.join("; "));
			if (advice?.use === "spawned") return neither(advice.why);
			if (setting === "preloaded") return preloadedAtMost("the setting allows no more");
			if (advice?.use === "preloaded") return preloadedAtMost(advice.why);
			const failure = failures.get("parked");
			if (failure !== undefined) return preloadedAtMost(failure);
			return { parked: true, preloaded: !failures.has("preloaded"), why: "" };
		},
		advise(next) {
			advice = next;
		},
		isAdvisedAgainst: () => advice?.use === "preloaded" || advice?.use === "spawned",
		fail(form, why) {
			failures.set(form, `pytest could not be made ready: ${why}`);
		},
		blame(why) {
			demerits = [...demerits, why];
		},
		changed(howTestsRun) {
			if (howTestsRun) {
				advice = null;
				demerits = [];
			}
			failures.clear();
		},
		aimedAnew() {
			advice = null;
			failures.clear();
		},
	};
}
