/** A `fetch` for one request of the ollama client, which brings no limits, no early cancel, and headers of its own. */
import { exchange, failureWords, type TransportLimits } from "../model-http/exchange.ts";
import { NdjsonLines } from "../model-http/streamed-lines.ts";

/** The only streamed answers that are asked for. */
const STREAMED_PATH = "/api/chat";

/** @param signal closes the socket in every state of the request */
export function createTransport(limits: TransportLimits, signal: AbortSignal): typeof fetch {
	return async (input, init) => {
		signal.throwIfAborted();
		const url = new URL(input instanceof Request ? input.url : input);
		const incoming = await exchange(
			{
				url,
				method: init?.method ?? "GET",
				body: typeof init?.body === "string" ? init.body : null,
				headers: {},
				lines: url.pathname.endsWith(STREAMED_PATH) ? new NdjsonLines(limits.maxLineBytes) : null,
			},
			limits,
			signal,
		);
		const { status, contentType, stream } = incoming;
		if (status < 300) return new Response(stream, { status, headers: { "content-type": contentType } });
		// In the one shape that the client reads without printing to the console.
		const error = await failureWords(incoming);
		return new Response(JSON.stringify({ error }), { status, headers: { "content-type": "application/json" } });
	};
}
