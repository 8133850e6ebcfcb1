/** The forms in which the engine's workers can run, each switched on by settings. */
import type { ProbeSettings } from "../src/core/probes/engine-messages.ts";

export interface Form {
	readonly name: string;
	readonly settings: Partial<ProbeSettings>;
}

export const FORMS: readonly Form[] = [
	{ name: "copies of a parked process", settings: { workers: "auto" } },
	{ name: "a parked process a run", settings: { workers: "parked" } },
	{ name: "preloaded", settings: { workers: "preloaded" } },
	{ name: "a new interpreter", settings: { workers: "off" } },
];
