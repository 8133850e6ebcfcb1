/**
 * An answer in words alone, where a file in a block was asked for, is gone on with: the model is handed its own words with the block's
 * first line, and can only write the file. The server has read all of it, so that it costs no more than the file itself; a round in
 * which the same is asked anew costs the words as well, and may bring words again (docs/quality.md).
 */
import type { ChatReply, ChatRequest, ChatUsage } from "./model/conversation.ts";
import type { FileInPlay } from "./model/protocol.ts";
import { languageOf } from "./model/protocols/lone-fence.ts";

/** What is asked next, and what stands before its answer. */
export interface Continuation {
	readonly request: ChatRequest;
	/** The words so far and the block's first line. */
	readonly beginning: string;
	/** The part of it that the model did not write. */
	readonly opening: string;
}

/**
 * @param files in play, of which one is to be written
 * @returns null where the words do not tell which of them is meant
 */
export function continuationOf(
	request: ChatRequest,
	{ content }: Pick<ChatReply, "content">,
	files: readonly FileInPlay[],
): Continuation | null {
	const words = content.trimEnd();
	const file = fileMeant(words, files);
	if (file === null) return null;
	const fence = `\`\`\`${languageOf(file.path)}\n`;
	// A block for the only file in play may hold just some of its functions; named, it is the whole file.
	const opening = files.length === 1 && file.text !== null ? fence : `write_file ${file.path}\n${fence}`;
	const gap = words === "" ? "" : "\n\n";
	const beginning = `${words}${gap}${opening}`;
	const begun = { role: "assistant", content: beginning, toolCalls: [] } as const;
	return { request: { ...request, messages: [...request.messages, begun] }, beginning, opening: `${gap}${opening}` };
}

/** Both replies as the one that they are. */
export function joined(first: ChatReply, { beginning }: Continuation, rest: ChatReply): ChatReply {
	// A model that begins anew opens a block of its own.
	const content = /^\s*(?:write_file\b|```)/.test(rest.content)
		? `${first.content.trimEnd()}\n\n${rest.content.trimStart()}`
		: beginning + rest.content;
	return { ...rest, content, usage: sum(first.usage, rest.usage) };
}

/** The first that is missing; the only one; or the one that the words name first, as which file is wrong is asked first. */
function fileMeant(words: string, files: readonly FileInPlay[]): FileInPlay | null {
	const missing = files.find(({ text }) => text === null);
	const [file, second] = files;
	if (missing !== undefined) return missing;
	if (file === undefined || second === undefined) return file ?? null;
	const named = files.filter(({ path }) => words.includes(path));
	return named.toSorted((one, other) => words.indexOf(one.path) - words.indexOf(other.path))[0] ?? null;
}

/** The second prompt is the first and its answer: what the first had to read is what counts. */
function sum(first: ChatUsage, rest: ChatUsage): ChatUsage {
	return {
		...first,
		loadMs: first.loadMs + rest.loadMs,
		prefillMs: first.prefillMs + rest.prefillMs,
		decodeMs: first.decodeMs + rest.decodeMs,
		outputTokens: first.outputTokens + rest.outputTokens,
	};
}
