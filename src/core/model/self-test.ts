/** What a model's self-test says: which tool protocol it masters, by six small tasks asked in each. */
import type { ToolProtocol } from "./conversation.ts";

/** What one task looks at. */
export type SelfTestTask = "read" | "write" | "edit" | "list" | "restraint" | "second-turn";

export interface SelfTestSample {
	readonly task: SelfTestTask;
	readonly protocol: ToolProtocol;
	/** The tool that was asked for, or no call where none was. */
	readonly rightTool: boolean;
	/** Known parameters, none missing, each of its type, the right path. */
	readonly validArguments: boolean;
	/** Whether the file in the call is whole and defines what was asked for; null where the task writes none. */
	readonly goodFile: boolean | null;
	readonly durationMs: number;
	readonly outputTokens: number;
	/** What the model wrote, cut; for the log. */
	readonly answer: string;
}

export interface ProtocolScore {
	readonly protocol: ToolProtocol;
	readonly asked: number;
	/** Samples that were right in everything that they look at. */
	readonly right: number;
	readonly medianMs: number;
}

export interface SelfTestResult {
	readonly model: string;
	/** The protocol to use: most right, then the faster. */
	readonly protocol: ToolProtocol;
	/** In the order of preference. */
	readonly scores: readonly ProtocolScore[];
	readonly samples: readonly SelfTestSample[];
	/** False where the time was up before every task was asked in every protocol. */
	readonly complete: boolean;
	readonly durationMs: number;
}
