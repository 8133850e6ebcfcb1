/** An answer and the whole suite of L: one after the other, and beside each other as the loop would run them (`jetbox.probe.besideModel`). */
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ChatModel } from "../../src/core/ports.ts";
import { assertGreen, createEngines } from "../engine.ts";
import { ensureEnvironment, TOOLS } from "../environments.ts";
import { type Result, short, takeTurns, timed, words } from "../measure.ts";
import { generateLarge } from "../workspaces/layered.ts";
import { writeWorkspace } from "../workspaces/workspace.ts";
import { openModel, requestOf, type Target } from "./target.ts";

const ANSWER_TOKENS = 96;
const ROUNDS = 5;
const QUESTION = "Count from one to one hundred in words, one number a line.";

export interface EngineParts {
	/** Any Python with venv. */
	readonly python: string;
	readonly enginePath: string;
	/** Folder of the benchmark's environments. */
	readonly cache: string;
}

/** How long both take, in turn and beside each other. `auto` is right where it chooses what is sooner on this machine. */
export function besideModel(parts: EngineParts): (target: Target, signal: AbortSignal) => Promise<Result> {
	return async (target, signal) => {
		const root = realpathSync(mkdtempSync(join(tmpdir(), "jetbox-beside-")));
		const engines = createEngines(parts.enginePath);
		try {
			const large = generateLarge();
			writeWorkspace(root, large);
			const environment = await ensureEnvironment(parts.python, parts.cache, "plain", TOOLS);
			const engine = engines.open(environment, root);
			assertGreen(await engine.probe("full"), large.counts);
			await engine.rest();
			const model = await openModel(target, signal);
			const answer = () => answered(model, signal);
			const whole = async () => assertGreen(await engine.beside(), large.counts);
			await model.warmUp(requestOf([{ role: "user", content: QUESTION }], 1), signal);
			await answer();
			const besideAnswer: number[] = [];
			const of = await takeTurns(ROUNDS, [
				{ name: "answer", sample: () => timed(answer) },
				{ name: "whole", sample: () => timed(whole) },
				{
					name: "beside",
					sample: () => timed(() => Promise.all([timed(answer).then((ms) => besideAnswer.push(ms)), whole()])),
				},
			]);
			const [alone, suite, both] = [of("answer"), of("whole"), of("beside")];
			const inTurnMs = alone.median + suite.median;
			const slowed = besideAnswer.sort((one, other) => one - other)[Math.floor(besideAnswer.length / 2)] ?? 0;
			const isSooner = both.median < inTurnMs;
			return {
				id: "beside",
				what: `an answer of ${ANSWER_TOKENS} tokens ${words(alone)} and L's whole suite ${words(suite)}, both at once ${words(both)} (the answer then takes ${short(slowed)} ms), against in turn ${short(inTurnMs)} ms; auto: ${model.sharesProcessor ? "in turn" : "at once"}`,
				measured: `${short(inTurnMs / both.median)}x`,
				goal: "auto takes what is sooner",
				met: isSooner !== model.sharesProcessor,
				figures: { answerMs: alone, wholeMs: suite, bothMs: both, answerBesideMs: slowed, inTurnMs },
			};
		} finally {
			await engines.disposeAll();
			rmSync(root, { recursive: true, force: true, maxRetries: 3 });
		}
	};
}

/** @throws Error where the answer is shorter than what is measured */
async function answered(model: ChatModel, signal: AbortSignal): Promise<void> {
	const request = requestOf([{ role: "user", content: QUESTION }], ANSWER_TOKENS);
	const { usage } = await model.chat(request, () => undefined, signal);
	if (usage.outputTokens < ANSWER_TOKENS / 2) throw new Error(`The answer had only ${usage.outputTokens} tokens.`);
}
