/** One model through all steps of the benchmark, within its time; what does not fit is cut and said. */
import { UserError } from "../errors.ts";
import type { InstalledModel } from "../machine.ts";
import { TOOL_PROTOCOLS, type ToolProtocol } from "../model/conversation.ts";
import type { ChatModel, Clock } from "../ports.ts";
import { TINY_PROJECTS, type TinyProject } from "./projects.ts";
import type { ModelBenchmark, ProjectSample, RateSample, ToolSample } from "./report.ts";
import { askSimple, isPrefixKept, measureAppend, measureDecode, measurePrefill } from "./speed.ts";
import { askToolPrompt } from "./tool-calls.ts";
import { TOOL_PROMPTS } from "./tool-prompts.ts";

/** What a model is measured through. */
export interface BenchmarkTarget {
	readonly model: InstalledModel;
	/** With the options of a session, the same at each call. */
	open(protocol: ToolProtocol, signal: AbortSignal): Promise<ChatModel>;
	/**
	 * Unloads every model, loads this one and times that; others stay unloaded.
	 * @returns null where the server cannot unload
	 */
	startCold(model: ChatModel, signal: AbortSignal): Promise<number | null>;
	/** Where the loaded model lies. */
	memory(signal: AbortSignal): Promise<ModelBenchmark["memory"]>;
	/** A run on a fresh copy of the project; or in words why none can be made. */
	runProject(project: TinyProject, model: ChatModel, signal: AbortSignal): Promise<ProjectSample | string>;
}

const SAMPLES = { simple: 5, rate: 3 };
/** Shares of the time after which a step begins no new sample: the projects, which rank, must have theirs. */
const UNTIL = { speed: 0.3, tools: 0.55, otherTools: 0.65, projects: 0.95 };

/** @throws AbortError; a server that fails ends the model's part with its reason */
export async function measureModel(
	target: BenchmarkTarget,
	limitMs: number,
	clock: Clock,
	onStep: (step: string) => void,
	signal: AbortSignal,
): Promise<ModelBenchmark> {
	const { model } = target;
	const startedAt = clock.now();
	const cut = new Set<string>();
	const result = {
		coldStartMs: null as number | null,
		contextLength: 0,
		memory: null as ModelBenchmark["memory"],
		simple: [] as ModelBenchmark["simple"][number][],
		prefill: [] as RateSample[],
		decode: [] as RateSample[],
		append: [] as readonly RateSample[],
		tools: [] as ToolSample[],
		projects: [] as ProjectSample[],
		noProjects: null as string | null,
		failure: null as string | null,
	};

	/** Samples of a step, one after the other, as long as its share of the time lasts. */
	async function step(
		name: string,
		count: number,
		share: number,
		sample: (index: number) => Promise<void>,
	): Promise<void> {
		for (let index = 0; index < count; index += 1) {
			if (clock.now() - startedAt > limitMs * share) {
				cut.add(name);
				return;
			}
			onStep(`${model.name}: ${name} ${index + 1} of ${count}`);
			await sample(index);
		}
	}

	async function toolStep(chat: ChatModel, protocol: ToolProtocol, share: number): Promise<void> {
		await step(`${protocol} calls`, TOOL_PROMPTS.length, share, async (index) => {
			const prompt = TOOL_PROMPTS[index];
			if (prompt !== undefined) result.tools.push(await askToolPrompt(chat, prompt, protocol, clock, signal));
		});
	}

	async function measure(): Promise<void> {
		const chat = await target.open(model.protocol, signal);
		onStep(`${model.name}: cold start`);
		result.coldStartMs = await target.startCold(chat, signal);
		result.contextLength = chat.contextLength;
		result.memory = await target.memory(signal);
		await step("simple question", SAMPLES.simple, UNTIL.speed, async (index) => {
			result.simple.push(await askSimple(chat, index, clock, signal));
		});
		await step("growing conversation", 1, UNTIL.speed, async () => {
			result.append = await measureAppend(chat, signal);
		});
		await step("reading", SAMPLES.rate, UNTIL.speed, async (index) => {
			const known = result.prefill.at(-1) ?? result.append[0];
			const pace = known === undefined || known.tokens === 0 ? null : known.ms / known.tokens;
			result.prefill.push(await measurePrefill(chat, index, pace, signal));
		});
		await step("writing", SAMPLES.rate, UNTIL.speed, async (index) => {
			const sample = await measureDecode(chat, index, signal);
			if (sample !== null) result.decode.push(sample);
		});
		await toolStep(chat, model.protocol, UNTIL.tools);
		const other = TOOL_PROTOCOLS.find(
			(protocol) => protocol !== model.protocol && (protocol !== "native" || chat.takesTools),
		);
		if (other !== undefined) await toolStep(chat, other, UNTIL.otherTools);
		const runner = await target.open(betterProtocol(result.tools, model.protocol), signal);
		await step("small project", TINY_PROJECTS.length, UNTIL.projects, async (index) => {
			const project = TINY_PROJECTS[index];
			if (project === undefined || result.noProjects !== null) return;
			const left = AbortSignal.timeout(Math.max(1, Math.round(limitMs - (clock.now() - startedAt))));
			const run = await target.runProject(project, runner, AbortSignal.any([signal, left]));
			signal.throwIfAborted();
			if (typeof run === "string") result.noProjects = run;
			else if (!left.aborted) result.projects.push(run);
			else {
				result.projects.push({ ...run, reason: "The model's time for the benchmark was up." });
				cut.add("small project");
			}
		});
	}

	try {
		await measure();
	} catch (error) {
		signal.throwIfAborted();
		if (!(error instanceof UserError)) throw error;
		result.failure = `${error.message} ${error.fix}`;
	}
	return {
		model: model.name,
		digest: model.digest,
		parameterSize: model.parameterSize,
		quantization: model.quantization,
		sizeBytes: model.sizeBytes,
		...result,
		protocol: betterProtocol(result.tools, model.protocol),
		prefixKept: isPrefixKept(result.append),
		cutSteps: [...cut],
		durationMs: clock.now() - startedAt,
	};
}

/** The one with the larger share of right answers; among equals the one that was preferred before. */
export function betterProtocol(tools: readonly ToolSample[], preferred: ToolProtocol): ToolProtocol {
	const shares = TOOL_PROTOCOLS.flatMap((protocol) => {
		const own = tools.filter((sample) => sample.protocol === protocol);
		const right = own.filter((sample) => sample.right && sample.goodFile !== false).length;
		// A handful of answers is no comparison.
		return own.length < TOOL_PROMPTS.length / 2 ? [] : [{ protocol, share: right / own.length }];
	});
	const best = Math.max(0, ...shares.map(({ share }) => share));
	const winners = shares.filter(({ share }) => share === best).map(({ protocol }) => protocol);
	return winners.includes(preferred) ? preferred : (winners[0] ?? preferred);
}
