/** A model's self-test as people see it: loaded first, told step by step, summed up in one line. */
import type { ChatRequest } from "../../core/model/conversation.ts";
import { runSelfTest, type SelfTestResult } from "../../core/model/self-test.ts";
import type { ChatModel } from "../../core/ports.ts";
import { clock } from "../clock.ts";

/** Loads and nothing else. */
export const LOAD_ONLY: ChatRequest = {
	messages: [],
	tools: [],
	format: null,
	maxOutputTokens: 1,
	temperature: 0,
	seed: 0,
	think: false,
};

/** @throws AbortError; UserError where the server fails */
export async function testModel(
	model: ChatModel,
	onProgress: (message: string) => void,
	signal: AbortSignal,
): Promise<SelfTestResult> {
	onProgress(`Testing once how ${model.name} calls tools: loading it.`);
	await model.warmUp(LOAD_ONLY, signal);
	let asked = 0;
	const onSample = ({ task, protocol }: { readonly task: string; readonly protocol: string }) => {
		asked += 1;
		onProgress(`Testing once how ${model.name} calls tools: answer ${asked} (${task}, ${protocol}).`);
	};
	const result = await runSelfTest(model, { clock, onSample }, signal);
	onProgress(`${model.name} uses ${result.protocol} calls: ${scoresOf(result)}.`);
	return result;
}

/** Such as `text 5 of 6 right, native 1 of 6`. */
function scoresOf({ scores }: Pick<SelfTestResult, "scores">): string {
	return scores.map(({ protocol, right, asked }) => `${protocol} ${right} of ${asked} right`).join(", ");
}
