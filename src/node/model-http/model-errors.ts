/** Every way a model server can fail, as a named error with its next step. Texts are matched as recorded from real servers. */
import { isAbort, UserError, type UserErrorKind } from "../../core/errors.ts";
import { TransportError } from "./transport-error.ts";

/** What was asked, for the words. */
export interface Asked {
	readonly server: string;
	readonly model: string;
	readonly backend: "ollama" | "openai";
}

/** A status that is a failure, with the server's own words. */
export class StatusError extends Error {
	override readonly name = "StatusError";
	constructor(
		readonly status_code: number,
		message: string,
	) {
		super(message);
	}
}

const CHECK_ADDRESS = "Check the server's address (jetbox.server, --server or OLLAMA_HOST) and jetbox.backend.";

/** @param error what a client or the transport threw */
export function toUserError(error: unknown, asked: Asked): unknown {
	const { server, model, backend } = asked;
	if (error instanceof UserError || isAbort(error)) return error;
	if (error instanceof TransportError) return ofTransport(error, asked);
	const status = statusOf(error);
	const text = wordsOf(error);
	const named = (kind: UserErrorKind, message: string, fix: string) =>
		new UserError(kind, message, fix, { cause: error });
	if (/model.*(?:not found|does not exist)/i.test(text)) {
		return named("model-missing", `The server has no model ${model}.`, missingFix(asked));
	}
	if (status === 401 || (status === 403 && backend === "openai")) {
		return named(
			"unauthorized",
			`The server at ${server} wants an API key, or refused the one that it got.`,
			"Set it with Jetbox: Set API Key, or name the environment variable that holds it (--api-key-env NAME).",
		);
	}
	if (/does not support tools/i.test(text)) {
		return named(
			"no-tool-support",
			`${model} does not support tool calls.`,
			"Leave jetbox.protocol (--protocol) at auto, or choose another model with Select Model.",
		);
	}
	if (
		/exceeds? the available context size|longer than the context length|maximum context length|context_length_exceeded/i.test(
			text,
		)
	) {
		return named(
			"prompt-too-long",
			"The conversation is longer than the model's context window.",
			"Choose a model with a larger context, or give a smaller task.",
		);
	}
	if (status === 503 || status === 429 || /server busy/i.test(text)) {
		return named(
			"busy",
			/loading model/i.test(text)
				? `The server at ${server} is still loading its model.`
				: `The server at ${server} is busy with other requests.`,
			"Wait until it is ready, then run the task again.",
		);
	}
	if (/unexpectedly stopped|out of memory|requires more system memory|failed to allocate/i.test(text)) {
		return named(
			"out-of-memory",
			`The model ${model} stopped in the server: ${text}`,
			"Close other programs or choose a smaller model; the server's log has the reason.",
		);
	}
	if (/error parsing tool call/i.test(text)) {
		return named(
			"unreadable-call",
			"The server could not read the model's tool call.",
			"Choose another model with Select Model.",
		);
	}
	if (/did not receive done/i.test(text)) return broken("the answer ended before it was complete", server, error);
	if (
		status === 0 ||
		status === 404 ||
		status === 405 ||
		/<html|<!doctype|unexpected token|is not valid json/i.test(text)
	) {
		return named("not-ollama", `${server} answers, but not as ${SERVERS[backend]}.`, CHECK_ADDRESS);
	}
	return named(
		"server-error",
		`The server at ${server} failed (${status}): ${text}`,
		"Look into the server's log, then run the task again.",
	);
}

const SERVERS = { ollama: "an Ollama server", openai: "an OpenAI-compatible server" } as const;

function missingFix({ model, backend }: Asked): string {
	return backend === "ollama"
		? `Run "ollama pull ${model}", or choose an installed model with Select Model.`
		: "Choose one that the server offers with Select Model.";
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

function ofTransport(error: TransportError, { server, backend }: Asked): UserError {
	switch (error.fault) {
		case "connect":
			return new UserError(
				"unreachable",
				`No model server answers at ${server}: ${error.message}.`,
				backend === "ollama"
					? 'Start it with "ollama serve", or set its address (jetbox.server, --server or OLLAMA_HOST).'
					: "Start it, or set its address (jetbox.server or --server).",
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
				`${server} answers, but not as ${SERVERS[backend]}: ${error.message}.`,
				CHECK_ADDRESS,
				{ cause: error },
			);
		case "corrupt":
		case "too-large":
			return new UserError(
				"protocol",
				`The server at ${server} broke its protocol: ${error.message}.`,
				`Check that the address is that of ${SERVERS[backend]}, and restart it.`,
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
