/** What is known of a round once its answer is applied: what stop conditions and a later round look back at. */
import type { Verdict } from "./events.ts";
import type { ToolCall } from "./model/conversation.ts";
import type { WorkspaceReport } from "./probes/report.ts";

/** One tool call with what came back, as far as repetition and progress are judged by it. */
export interface AppliedCall {
	readonly name: string;
	/** Name, arguments and result: equal for equal calls with equal results. */
	readonly signature: string;
	readonly triedToChange: boolean;
}

const CHANGING_TOOLS: readonly string[] = ["write_file", "edit_file", "delete_file"];

/** Whether a call of this tool may change a file. */
export function mayChange({ name }: Pick<ToolCall, "name">): boolean {
	return CHANGING_TOOLS.includes(name);
}

/** @param content the result, as the model is told it */
export function appliedCall(call: ToolCall, content: string): AppliedCall {
	return {
		name: call.name,
		signature: JSON.stringify([call.name, call.arguments, content]),
		triedToChange: mayChange(call),
	};
}

export interface RoundRecord {
	readonly round: number;
	readonly report: WorkspaceReport;
	readonly verdict: Verdict;
	readonly calls: readonly AppliedCall[];
	/** The model's words when it called no tool; null otherwise. */
	readonly answer: string | null;
	/** Why its answer could not be read; null where it could. */
	readonly malformed: string | null;
}
