/** A run's record in a list. */
import type { RunEntry, RunRecord } from "../../src/core/record/entries.ts";

export interface MemoryRecord extends RunRecord {
	readonly entries: readonly RunEntry[];
	/** As a file would hold them. */
	text(): string;
}

/** @param before what an earlier process kept of the same run */
export function createMemoryRecord(before: readonly RunEntry[] = []): MemoryRecord {
	const entries = [...before];
	return {
		entries,
		text: () => entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""),
		async keep(entry) {
			entries.push(entry);
		},
	};
}
