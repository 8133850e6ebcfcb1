/** What judging lint and judging tests have in common: one probe's asking, and an answer that counts for one content. */
import type { ProbeProgress, ProbeRequest } from "../../core/ports.ts";
import { notRun } from "../../core/probes/report.ts";
import type { Content } from "./content/content.ts";
import type { Toolchain } from "./tools/interpreter.ts";

/** What is judged while its content changes is judged again this often before it is given up. */
export const MAX_ATTEMPTS = 3;

/** What one probe needs to know of one request. */
export interface Asking {
	readonly request: ProbeRequest;
	readonly toolchain: Toolchain;
	/** Why anything is asked; for people. */
	readonly why: string;
	readonly onProgress: (progress: ProbeProgress) => void;
	readonly signal: AbortSignal;
}

export interface Judged<T> {
	readonly report: T;
	/** Key of the content that was judged. */
	readonly key: string;
	readonly content: Content;
}

/** Words for people as one line; what is empty says nothing. */
export function joined(...words: readonly string[]): string {
	return words.filter((word) => word !== "").join("; ");
}

export function unsettled(changed: readonly string[]) {
	const message = `files kept changing while it ran (${changed.slice(0, 3).join(", ")})`;
	return notRun("cancelled", message, "Probe again when the workspace has settled.");
}
