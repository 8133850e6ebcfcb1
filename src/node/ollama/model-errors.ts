/** Every way the server can fail, as a named error with its next step. Texts are matched as recorded from a real server. */
import { isAbort, UserError } from "../../core/errors.ts";
import { TransportError } from "../model-http/transport-error.ts";

/** @param error what the client or the transport threw */
export function toUserError(error: unknown, server: string, model: string): unknown {
	if (error instanceof UserError || isAbort(error)) return error;
	if (error instanceof TransportError) return ofTransport(error, server);
	const status = statusOf(error);
	const text = wordsOf(error);
	const options = { cause: error };
	if (/model.*not found/i.test(text)) {
		return new UserError(
			"model-missing",
			`The server has no model ${model}.`,
			`Run "ollama pull ${model}", or choose an installed model with Select Model.`,
			options,
		);
	}
	if (/does not support tools/i.test(text)) {
		return new UserError(
			"no-tool-support",
			`${model} does not support tool calls.`,
			"Choose another model with Select Model.",
			options,
		);
	}
	if (/exceeds the available context size|longer than the context length/i.test(text)) {
		return new UserError(
			"prompt-too-long",
			"The conversation is longer than the model's context window.",
			"Choose a model with a larger context, or give a smaller task.",
			options,
		);
	}
	if (status === 503 || /server busy/i.test(text)) {
		return new UserError(
			"busy",
			`The server at ${server} is busy with other requests.`,
			"Wait until they are done, then run the task again.",
			options,
		);
	}
	if (/unexpectedly stopped|out of memory|requires more system memory/i.test(text)) {
		return new UserError(
			"out-of-memory",
			`The model ${model} stopped in the server: ${text}`,
			"Close other programs or choose a smaller model; the server's log has the reason.",
			options,
		);
	}
	if (/error parsing tool call/i.test(text)) {
		return new UserError(
			"unreadable-call",
			"The server could not read the model's tool call.",
			"Choose another model with Select Model.",
			options,
		);
	}
	if (/did not receive done/i.test(text)) return broken("the answer ended before it was complete", server, error);
	if (status === 0 || status === 404 || /<html|<!doctype|unexpected token|is not valid json/i.test(text)) {
		return new UserError(
			"not-ollama",
			`${server} answers, but not as an Ollama server.`,
			"Check the server's address (jetbox.server, --server or OLLAMA_HOST).",
			options,
		);
	}
	return new UserError(
		"server-error",
		`The server at ${server} failed (${status}): ${text}`,
		"Look into the server's log, then run the task again.",
		options,
	);
}

/** Whether the same request may be sent once more: the connection broke or fell silent, and nothing of the answer was used. */
export function mayRetry(error: unknown): boolean {
	if (!(error instanceof UserError)) return false;
	return error.kind === "broken-stream" || (error.cause instanceof TransportError && error.cause.fault === "idle");
}

/** Whether the server refused `think`, which a template may do whatever its capabilities say. */
export function isThinkingRefusal(error: UserError): boolean {
	return /does not support thinking/i.test(withCause(error));
}

/** Whether the loaded process is another name's on the same weights, started without what this one's template needs. */
export function sharesRunner(error: UserError): boolean {
	return /requires --jinja flag/i.test(withCause(error));
}

function withCause(error: UserError): string {
	return `${error.message} ${error.cause instanceof Error ? error.cause.message : ""}`;
}

function ofTransport(error: TransportError, server: string): UserError {
	switch (error.fault) {
		case "connect":
			return new UserError(
				"unreachable",
				`No model server answers at ${server}: ${error.message}.`,
				'Start it with "ollama serve", or set its address (jetbox.server, --server or OLLAMA_HOST).',
				{ cause: error },
			);
		case "first-byte":
		case "idle":
		case "total":
			return new UserError(
				"timed-out",
				`The server at ${server} took too long: ${error.message}.`,
				"Choose a smaller model, or look whether the server is stuck.",
				{ cause: error },
			);
		case "redirect":
			return new UserError(
				"not-ollama",
				`${server}: ${error.message}. Prompts are not sent to other addresses.`,
				"Set the server's own address.",
				{ cause: error },
			);
		case "foreign":
			return new UserError(
				"not-ollama",
				`${server} answers, but not as an Ollama server: ${error.message}.`,
				"Check the server's address (jetbox.server, --server or OLLAMA_HOST).",
				{ cause: error },
			);
		case "corrupt":
		case "too-large":
			return new UserError(
				"protocol",
				`The server at ${server} broke its protocol: ${error.message}.`,
				"Check that the address is an Ollama server's, and restart it.",
				{ cause: error },
			);
		case "cut":
			return broken(error.message, server, error);
	}
}

function broken(words: string, server: string, cause: unknown): UserError {
	return new UserError(
		"broken-stream",
		`The server at ${server} broke off: ${words}.`,
		"Look whether the server still runs, then run the task again; nothing of the broken answer was applied.",
		{ cause },
	);
}

function statusOf(error: unknown): number {
	if (!(error instanceof Error)) return 0;
	return "status_code" in error && typeof error.status_code === "number"
		? error.status_code
		: // The client trips over answers of another shape.
			error.name === "SyntaxError" || error.name === "TypeError"
			? 0
			: 500;
}

function wordsOf(error: unknown): string {
	const text = error instanceof Error ? error.message : String(error);
	return text.slice(0, 500);
}
