/** What the benchmark of models measures: raw samples, kept so that a later run can say what changed. */
import { TOOL_PROTOCOLS, type ToolProtocol } from "../model/conversation.ts";

export interface TimedAnswer {
	/** From the request to the first token that was shown. */
	readonly firstTokenMs: number;
	readonly totalMs: number;
}

/** Tokens read or written in that time, by the server's count. */
export interface RateSample {
	readonly tokens: number;
	readonly ms: number;
}

export interface ToolSample {
	readonly prompt: string;
	readonly protocol: ToolProtocol;
	/** How many calls were asked for: none, one or two. */
	readonly wanted: number;
	/** All calls that were asked for were made, with known names and valid arguments; or none, where none was wanted. */
	readonly valid: boolean;
	/** They were also the right tools on the right paths. */
	readonly right: boolean;
	/** The file in a call is whole and defines what was asked for; null where none is written. */
	readonly goodFile: boolean | null;
	readonly durationMs: number;
}

export interface ProjectSample {
	readonly project: string;
	readonly green: boolean;
	readonly durationMs: number;
	readonly rounds: number;
	/** How it ended, in words. */
	readonly reason: string;
}

export interface ModelBenchmark {
	readonly model: string;
	readonly digest: string | null;
	readonly parameterSize: string;
	readonly quantization: string;
	readonly sizeBytes: number;
	/** That the session used. */
	readonly contextLength: number;
	/** The better of those that were asked. */
	readonly protocol: ToolProtocol;
	/** Null where the server cannot unload. */
	readonly coldStartMs: number | null;
	readonly simple: readonly TimedAnswer[];
	readonly prefill: readonly RateSample[];
	readonly decode: readonly RateSample[];
	readonly tools: readonly ToolSample[];
	/** Prefill of the growing conversation's rounds. */
	readonly append: readonly RateSample[];
	/** Null where the time did not suffice to tell. */
	readonly prefixKept: boolean | null;
	readonly projects: readonly ProjectSample[];
	/** Why no project was tried, or null. */
	readonly noProjects: string | null;
	/** As the server holds it; null where it does not say. */
	readonly memory: { readonly sizeBytes: number; readonly vramBytes: number } | null;
	/** Steps that the time limit cut or left out. */
	readonly cutSteps: readonly string[];
	/** What ended it early, or null. */
	readonly failure: string | null;
	readonly durationMs: number;
}

export interface BenchmarkReport {
	readonly version: 1;
	/** ISO 8601. */
	readonly at: string;
	readonly server: string;
	readonly serverVersion: string;
	readonly machine: string;
	readonly minutesPerModel: number;
	/** In the order in which they were measured, which is shuffled. */
	readonly models: readonly ModelBenchmark[];
}

/** Whether a stored value is such a report, for files that another version may have written. */
export function isBenchmarkReport(value: unknown): value is BenchmarkReport {
	return (
		isRecord(value) &&
		value["version"] === 1 &&
		["at", "server", "serverVersion", "machine"].every((key) => typeof value[key] === "string") &&
		typeof value["minutesPerModel"] === "number" &&
		Array.isArray(value["models"]) &&
		value["models"].every(isModelBenchmark)
	);
}

function isModelBenchmark(value: unknown): boolean {
	return (
		isRecord(value) &&
		["model", "parameterSize", "quantization"].every((key) => typeof value[key] === "string") &&
		["sizeBytes", "contextLength", "durationMs"].every((key) => typeof value[key] === "number") &&
		TOOL_PROTOCOLS.some((protocol) => protocol === value["protocol"]) &&
		["simple", "prefill", "decode", "tools", "append", "projects"].every(
			(key) => Array.isArray(value[key]) && value[key].every(isRecord),
		) &&
		Array.isArray(value["cutSteps"])
	);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
