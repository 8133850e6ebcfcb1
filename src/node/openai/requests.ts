/** The requests of an OpenAI-compatible server: one that comes whole, one that streams. */

import { UserError } from "../../core/errors.ts";
import { isRecord } from "../../core/json-record.ts";
import { exchange, failureWords, type TransportLimits } from "../model-http/exchange.ts";
import { StatusError } from "../model-http/model-errors.ts";
import { SseLines } from "../model-http/streamed-lines.ts";
import { TransportError } from "../model-http/transport-error.ts";

export interface OpenAiServer {
	/** Origin and path, without `/v1`. */
	readonly url: string;
	/** Sent as a bearer token where there is one; stands in no message, log or event. */
	readonly apiKey: string | null;
}

type Fields = Readonly<Record<string, unknown>>;

/** @throws StatusError, TransportError; TransportError `foreign` for an answer that is not a JSON object */
export async function getJson(
	server: OpenAiServer,
	path: string,
	limits: TransportLimits,
	signal: AbortSignal,
): Promise<Fields> {
	const incoming = await exchange(
		{ url: new URL(server.url + path), method: "GET", body: null, headers: keyOf(server), lines: null },
		limits,
		signal,
	);
	if (incoming.status > 299) throw new StatusError(incoming.status, await failureWords(incoming));
	const value = await new Response(incoming.stream).json().catch((error: unknown) => {
		if (error instanceof TransportError || signal.aborted) throw error;
		return null;
	});
	if (!isRecord(value)) throw new TransportError("foreign", "the answer is not a JSON object");
	return value;
}

/**
 * The objects of a streamed chat completion, one an event.
 * @throws StatusError also for an error in mid-stream; TransportError
 */
export async function* streamCompletion(
	server: OpenAiServer,
	body: string,
	limits: TransportLimits,
	signal: AbortSignal,
): AsyncGenerator<Fields> {
	const url = new URL(`${server.url}/v1/chat/completions`);
	const lines = new SseLines(limits.maxLineBytes);
	const incoming = await exchange({ url, method: "POST", body, headers: keyOf(server), lines }, limits, signal);
	if (incoming.status > 299) throw new StatusError(incoming.status, await failureWords(incoming));
	let pending = "";
	const decoder = new TextDecoder();
	for await (const bytes of incoming.stream) {
		const parts = (pending + decoder.decode(bytes, { stream: true })).split("\n");
		pending = parts.pop() ?? "";
		for (const line of parts) {
			const value: Fields = JSON.parse(line);
			if (typeof value["error"] === "string") throw new StatusError(500, value["error"]);
			yield value;
		}
	}
}

function keyOf({ apiKey }: OpenAiServer): Readonly<Record<string, string>> {
	if (apiKey === null) return {};
	// Anything else cannot be a header's value, and must not stand in Node's error about it.
	if (!/^[\x21-\x7e]+$/.test(apiKey))
		throw new UserError(
			"unauthorized",
			"The API key holds characters that no key has.",
			"Set it again (Jetbox: Set API Key).",
		);
	return { authorization: `Bearer ${apiKey}` };
}
