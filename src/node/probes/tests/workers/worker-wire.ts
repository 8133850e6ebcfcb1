/** What passes between the engine and src/python/jetbox_worker.py: JSON lines, the plan and the order in, records out. */
import type { WorkerForm } from "../../../../core/probes/test-run.ts";

/** What a worker is for; its first line. */
export interface WorkerPlan {
	readonly form: "parked" | "preloaded" | "spawned";
	readonly root: string;
	/** pytest's arguments. */
	readonly args: readonly string[];
	/** Folder for temporary files, the worker's own. */
	readonly private: string;
	readonly tag: string;
	/** Whether copies of it made by fork may run in its place. */
	readonly copies: boolean;
	/** Whether a sandbox ends it with the engine, and nobody else lives there. */
	readonly confined: boolean;
	/** Temporary folders that all copies in one sandbox share. */
	readonly scratch: readonly string[];
	/** Modules to load ahead. */
	readonly preload: readonly string[];
	readonly memoryBytes: number | null;
}

/** One run; the second line. */
export interface WorkerOrder {
	readonly run: number;
	readonly args: readonly string[];
	/** Workspace-relative; null for all that pytest collects. */
	readonly files: readonly string[] | null;
	/** Files that another process takes. */
	readonly leftOut: readonly string[];
	readonly private: string;
	readonly tag: string;
	/** Whether it leaves the processor to everything else. */
	readonly background: boolean;
}

export type WorkerRecord = Readonly<Record<string, unknown>>;

/** Of a worker that stands ready. */
export interface Parked {
	readonly form: WorkerForm;
	readonly why: string;
	/** Whether it stays ready after a run. */
	readonly copies: boolean;
	/** Modules that it loaded, or asked for in vain. */
	readonly names: ReadonlySet<string>;
	/** Workspace folders that it listed; each ends with a slash. */
	readonly listed: ReadonlySet<string>;
}

/** Why pytest cannot wait the way it was asked to, and how it may. */
export interface Advice {
	readonly use: "parked" | "preloaded" | "spawned";
	readonly why: string;
}

export function parseParked(record: WorkerRecord): Parked {
	const copies = record["copies"] === true;
	const form = record["form"] === "parked-early" || record["form"] === "preloaded" ? record["form"] : "parked";
	return {
		form: form === "parked" && copies ? "forked" : form,
		why: textOf(record["why"]),
		copies,
		names: new Set(textsOf(record["names"])),
		listed: new Set(textsOf(record["listed"])),
	};
}

export function parseAdvice(record: WorkerRecord): Advice {
	const use = record["use"];
	return { use: use === "parked" || use === "preloaded" ? use : "spawned", why: textOf(record["why"]) };
}

export function textOf(value: unknown): string {
	return typeof value === "string" ? value : "";
}

export function textsOf(value: unknown): readonly string[] {
	return Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];
}
