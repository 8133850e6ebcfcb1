/** What the benchmark of models measures: raw samples, kept so that a later run can say what changed. */
import { TOOL_PROTOCOLS, type ToolProtocol } from "../model/conversation.ts";
import { isCount, isFlag, isListOf, isNumber, isOneOf, isOrNull, isShaped, isText } from "../record/guards.ts";

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

const isProtocol = isOneOf(...TOOL_PROTOCOLS);
const isRates = isListOf(isShaped<RateSample>({ tokens: isNumber, ms: isNumber }));

const isModelBenchmark = isShaped<ModelBenchmark>({
	model: isText,
	digest: isOrNull(isText),
	parameterSize: isText,
	quantization: isText,
	sizeBytes: isNumber,
	contextLength: isNumber,
	protocol: isProtocol,
	coldStartMs: isOrNull(isNumber),
	simple: isListOf(isShaped<TimedAnswer>({ firstTokenMs: isNumber, totalMs: isNumber })),
	prefill: isRates,
	decode: isRates,
	tools: isListOf(
		isShaped<ToolSample>({
			prompt: isText,
			protocol: isProtocol,
			wanted: isCount,
			valid: isFlag,
			right: isFlag,
			goodFile: isOrNull(isFlag),
			durationMs: isNumber,
		}),
	),
	append: isRates,
	prefixKept: isOrNull(isFlag),
	projects: isListOf(
		isShaped<ProjectSample>({ project: isText, green: isFlag, durationMs: isNumber, rounds: isCount, reason: isText }),
	),
	noProjects: isOrNull(isText),
	memory: isOrNull(isShaped<NonNullable<ModelBenchmark["memory"]>>({ sizeBytes: isNumber, vramBytes: isNumber })),
	cutSteps: isListOf(isText),
	failure: isOrNull(isText),
	durationMs: isNumber,
});

/** Whether a stored value is such a report, for files that were damaged or that another version wrote. */
export const isBenchmarkReport = isShaped<BenchmarkReport>({
	version: isOneOf(1),
	at: isText,
	server: isText,
	serverVersion: isText,
	machine: isText,
	minutesPerModel: isNumber,
	models: isListOf(isModelBenchmark),
});
