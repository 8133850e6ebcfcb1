/** Asks a tool prompt in a protocol, and judges the calls that come back. */
import { UserError } from "../errors.ts";
import type { ChatMessage, ToolCall, ToolProtocol } from "../model/conversation.ts";
import { openingMessages } from "../model/prompt.ts";
import { protocolFor } from "../model/protocol.ts";
import { isGoodFile, writtenText } from "../model/self-test-tasks.ts";
import type { ChatModel, Clock } from "../ports.ts";
import { TOOLS } from "../tools/catalog.ts";
import { checkArguments } from "../tools/execute.ts";
import type { ToolSample } from "./report.ts";
import type { ToolPrompt, WantedCall } from "./tool-prompts.ts";

const MAX_OUTPUT_TOKENS = 256;
const SEED = 7;

/** @throws AbortError; UserError where the server fails for another reason than this answer */
export async function askToolPrompt(
	model: Pick<ChatModel, "chat" | "toolResults">,
	prompt: ToolPrompt,
	protocol: ToolProtocol,
	clock: Clock,
	signal: AbortSignal,
): Promise<ToolSample> {
	const { encode, decode } = protocolFor(protocol);
	const settings = { maxOutputTokens: MAX_OUTPUT_TOKENS, temperature: 0, seed: SEED, think: false };
	const request = encode(messagesOf(prompt, protocol), TOOLS, { ...settings, toolResults: model.toolResults });
	const startedAt = clock.now();
	let ids = 0;
	const calls = await (async () => {
		try {
			const reply = await model.chat(request, () => undefined, signal);
			const newCallId = () => `call_${++ids}`;
			const decoded = decode(reply, { tools: TOOLS, newCallId, filesInPlay: prompt.filesInPlay });
			return decoded.kind === "calls" ? decoded.calls : decoded.kind === "text" ? [] : null;
		} catch (error) {
			if (error instanceof UserError && ["unreadable-call", "no-tool-support"].includes(error.kind)) return null;
			throw error;
		}
	})();
	const durationMs = clock.now() - startedAt;
	return { prompt: prompt.id, protocol, wanted: prompt.wanted.length, ...judge(calls, prompt), durationMs };
}

/** @param calls null where the answer could not be read */
function judge(
	calls: readonly ToolCall[] | null,
	{ wanted, defines }: ToolPrompt,
): Pick<ToolSample, "valid" | "right" | "goodFile"> {
	const text = calls === null || calls[0] === undefined ? null : writtenText(calls[0], { filesInPlay: [] });
	const goodFile = defines === null ? null : text !== null && isGoodFile(text, { defines, gone: null });
	if (calls === null) return { valid: false, right: false, goodFile };
	// More calls than were asked for are no fault, none too few is; without a wish any call is one.
	const valid = wanted.length === 0 ? calls.length === 0 : calls.length >= wanted.length && calls.every(isValid);
	return { valid, right: valid && wanted.every((wish) => calls.some((call) => isWanted(call, wish))), goodFile };
}

function isValid(call: ToolCall): boolean {
	const schema = TOOLS.find(({ name }) => name === call.name);
	return schema !== undefined && typeof checkArguments(call.arguments, schema) !== "string";
}

function isWanted(call: ToolCall, { tools, path }: WantedCall): boolean {
	const given = call.arguments["path"];
	const plain = typeof given === "string" ? given.replace(/^\.\//, "").replace(/\/$/, "") : "";
	return tools.includes(call.name) && plain === path;
}

function messagesOf({ task, read }: ToolPrompt, protocol: ToolProtocol): readonly ChatMessage[] {
	const opening = openingMessages(task);
	if (read === null) return opening;
	const { path, text } = read;
	const written = {
		native: "",
		schema: JSON.stringify({ tool: "read_file", path }),
		text: JSON.stringify({ name: "read_file", arguments: { path } }),
	}[protocol];
	const toolCalls = [{ id: "call_0", name: "read_file", arguments: { path } }];
	return [
		...opening,
		{ role: "assistant", content: written, toolCalls },
		{ role: "tool", content: text, toolName: "read_file", toolCallId: "call_0" },
	];
}
