/** A model's self-test: which tool protocol it masters, measured by six small tasks asked in each, in about half a minute. */
import { UserError, type UserErrorKind } from "../errors.ts";
import type { ChatModel, Clock } from "../ports.ts";
import { isCount, isFlag, isListOf, isNumber, isOneOf, isOrNull, isShaped, isText } from "../record/guards.ts";
import { TOOLS } from "../tools/catalog.ts";
import { checkArguments } from "../tools/execute.ts";
import { TOOL_PROTOCOLS, type ToolProtocol } from "./conversation.ts";
import { type Decoded, protocolFor } from "./protocol.ts";
import {
	isGoodFile,
	messagesOf,
	SELF_TEST_TASKS,
	type SelfTestTask,
	TASK_SCRIPTS,
	type TaskScript,
	writtenText,
} from "./self-test-tasks.ts";

export type { SelfTestTask } from "./self-test-tasks.ts";

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
	/** What the model wrote, or why the server gave no answer; cut. For the log. */
	readonly answer: string;
}

export interface ProtocolScore {
	readonly protocol: ToolProtocol;
	readonly asked: number;
	/** Samples that were right in everything that they look at. */
	readonly right: number;
	/** Files that were whole and defined what was asked for. */
	readonly goodFiles: number;
	readonly medianMs: number;
}

export interface SelfTestResult {
	readonly model: string;
	/**
	 * The protocol to use: the most right, then the most good files; among equals the faster, native where it is nearly as fast. Text in
	 * place of a schema that leads by little.
	 */
	readonly protocol: ToolProtocol;
	/** Of each protocol that was asked, the chosen one first. */
	readonly scores: readonly ProtocolScore[];
	readonly samples: readonly SelfTestSample[];
	/** False where the time was up before every task was asked. */
	readonly complete: boolean;
	readonly durationMs: number;
}

export interface SelfTestOptions {
	readonly clock: Clock;
	/** No call begins after it, but for the first task, which every protocol gets. */
	readonly budgetMs?: number;
	readonly onSample?: (sample: SelfTestSample) => void;
}

type TestedModel = Pick<ChatModel, "name" | "takesTools" | "toolResults" | "chat">;

const BUDGET_MS = 30_000;
const MAX_OUTPUT_TOKENS = 256;
const MAX_ANSWER_CHARS = 600;
/** So many right answers behind the best, a protocol is asked no further. */
const GIVE_UP_BEHIND = 2;
/** Native calls may take so much longer than the fastest protocol with the same score. */
const NATIVE_MARGIN = 1.5;
/**
 * By so many wrong answers fewer a schema must lead: it gets single calls right, and whole tasks less often than answers as text, whose
 * rounds can be asked again (qwen2.5-coder:1.5b, docs/quality.md).
 */
const SCHEMA_LEAD = 2;
const OFFERED = TOOLS.filter(({ name }) => ["list_files", "read_file", "write_file", "edit_file"].includes(name));
/** Failures that come of the protocol, not of the server's state. */
const PROTOCOL_FAILURES: readonly UserErrorKind[] = ["no-tool-support", "unreadable-call", "protocol", "server-error"];

/**
 * Asks every protocol that the server takes for the model, task by task, and drops the hopeless early. Load the model first:
 * a load counts against the budget.
 * @throws AbortError; UserError where the server itself fails
 */
export async function runSelfTest(
	model: TestedModel,
	{ clock, budgetMs = BUDGET_MS, onSample = () => undefined }: SelfTestOptions,
	signal: AbortSignal,
): Promise<SelfTestResult> {
	const startedAt = clock.now();
	const candidates = TOOL_PROTOCOLS.filter((protocol) => protocol !== "native" || model.takesTools);
	const samples: SelfTestSample[] = [];
	let complete = true;
	for (const task of SELF_TEST_TASKS) {
		for (const protocol of promising(candidates, samples)) {
			if (task !== SELF_TEST_TASKS[0] && clock.now() - startedAt >= budgetMs) {
				complete = false;
				break;
			}
			const sample = await askTask(model, task, protocol, clock, signal);
			samples.push(sample);
			onSample(sample);
		}
	}
	const scores = candidates.map((protocol) => scoreOf(protocol, samples));
	const protocol = bestOf(scores);
	return {
		model: model.name,
		protocol,
		scores: [...scores].sort((a, b) => Number(b.protocol === protocol) - Number(a.protocol === protocol)),
		samples,
		complete,
		durationMs: clock.now() - startedAt,
	};
}

const isProtocol = isOneOf(...TOOL_PROTOCOLS);

/** Whether a stored value is such a result, for files that were damaged or that another version wrote. */
export const isSelfTestResult = isShaped<SelfTestResult>({
	model: isText,
	protocol: isProtocol,
	scores: isListOf(
		isShaped<ProtocolScore>({
			protocol: isProtocol,
			asked: isCount,
			right: isCount,
			goodFiles: isCount,
			medianMs: isNumber,
		}),
	),
	samples: isListOf(
		isShaped<SelfTestSample>({
			task: isOneOf(...SELF_TEST_TASKS),
			protocol: isProtocol,
			rightTool: isFlag,
			validArguments: isFlag,
			goodFile: isOrNull(isFlag),
			durationMs: isNumber,
			outputTokens: isNumber,
			answer: isText,
		}),
	),
	complete: isFlag,
	durationMs: isNumber,
});

async function askTask(
	model: TestedModel,
	task: SelfTestTask,
	protocol: ToolProtocol,
	clock: Clock,
	signal: AbortSignal,
): Promise<SelfTestSample> {
	const script = TASK_SCRIPTS[task];
	const { encode, decode } = protocolFor(protocol);
	const request = encode(messagesOf(script, protocol), OFFERED, {
		maxOutputTokens: MAX_OUTPUT_TOKENS,
		temperature: 0,
		seed: 1,
		think: false,
		toolResults: model.toolResults,
	});
	const startedAt = clock.now();
	let calls = 0;
	try {
		const reply = await model.chat(request, () => undefined, signal);
		const decoded = decode(reply, {
			tools: OFFERED,
			newCallId: () => `call_${++calls}`,
			filesInPlay: script.filesInPlay,
		});
		const words = reply.toolCalls.length > 0 ? JSON.stringify(reply.toolCalls) : reply.content;
		return {
			task,
			protocol,
			...judge(decoded, script),
			durationMs: clock.now() - startedAt,
			outputTokens: reply.usage.outputTokens,
			answer: words.slice(0, MAX_ANSWER_CHARS),
		};
	} catch (error) {
		if (!(error instanceof UserError) || !PROTOCOL_FAILURES.includes(error.kind)) throw error;
		const failed = { rightTool: false, validArguments: false, goodFile: null, outputTokens: 0 };
		return { task, protocol, ...failed, durationMs: clock.now() - startedAt, answer: error.message };
	}
}

function judge(
	decoded: Decoded,
	script: TaskScript,
): Pick<SelfTestSample, "rightTool" | "validArguments" | "goodFile"> {
	if (script.tools.length === 0) {
		const restrained = decoded.kind === "text";
		return { rightTool: restrained, validArguments: restrained, goodFile: null };
	}
	const [call] = decoded.kind === "calls" ? decoded.calls : [];
	const schema = OFFERED.find(({ name }) => name === call?.name);
	if (call === undefined || schema === undefined) return { rightTool: false, validArguments: false, goodFile: null };
	const path = call.arguments["path"];
	const text = writtenText(call, script);
	return {
		rightTool: script.tools.includes(call.name),
		validArguments:
			typeof checkArguments(call.arguments, schema) !== "string" &&
			typeof path === "string" &&
			path.replace(/^\.\//, "").replace(/\/$/, "") === script.path,
		goodFile: script.defines === null ? null : text !== null && isGoodFile(text, script),
	};
}

function isRight({ rightTool, validArguments, goodFile }: SelfTestSample): boolean {
	return rightTool && validArguments && goodFile !== false;
}

function promising(candidates: readonly ToolProtocol[], samples: readonly SelfTestSample[]): readonly ToolProtocol[] {
	const scores = candidates.map((protocol) => scoreOf(protocol, samples));
	const best = Math.max(...scores.map(({ right }) => right));
	return scores.filter(({ right }) => best - right < GIVE_UP_BEHIND).map(({ protocol }) => protocol);
}

function scoreOf(protocol: ToolProtocol, samples: readonly SelfTestSample[]): ProtocolScore {
	const own = samples.filter((sample) => sample.protocol === protocol);
	const times = own.map(({ durationMs }) => durationMs).sort((a, b) => a - b);
	return {
		protocol,
		asked: own.length,
		right: own.filter(isRight).length,
		goodFiles: own.filter(({ goodFile }) => goodFile === true).length,
		medianMs: times[Math.floor(times.length / 2)] ?? 0,
	};
}

function bestOf(scores: readonly ProtocolScore[]): ToolProtocol {
	// The files are what a run lives on.
	const points = ({ right, goodFiles }: ProtocolScore) => right * SELF_TEST_TASKS.length + goodFiles;
	const most = Math.max(...scores.map(points));
	const best = scores.filter((score) => points(score) === most).sort((a, b) => a.medianMs - b.medianMs);
	const [fastest] = best;
	const native = best.find(({ protocol }) => protocol === "native");
	if (fastest === undefined) return "text";
	if (native !== undefined && native.medianMs <= fastest.medianMs * NATIVE_MARGIN) return "native";
	const text = scores.find(({ protocol }) => protocol === "text");
	const isTextNear = text !== undefined && text.asked > 0 && wrong(text) - wrong(fastest) < SCHEMA_LEAD;
	return fastest.protocol === "schema" && isTextNear ? "text" : fastest.protocol;
}

/** Where the budget ends, protocols may have been asked unequally often. */
function wrong({ asked, right }: ProtocolScore): number {
	return asked - right;
}
