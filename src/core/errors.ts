/** Errors that are meant for people. Everything else that is thrown is a bug, and its stack belongs in the log. */

/** What went wrong, in a form that callers can branch on without comparing texts. */
export type UserErrorKind =
	| "usage"
	| "no-workspace"
	| "workspace-gone"
	| "workspace-busy"
	| "storage"
	| "no-python"
	| "tool-missing"
	| "sandbox-missing"
	| "untrusted"
	| "unreachable"
	| "not-ollama"
	| "unauthorized"
	| "remote-server"
	| "model-missing"
	| "no-models"
	| "no-tool-support"
	| "prompt-too-long"
	| "busy"
	| "out-of-memory"
	| "broken-stream"
	| "protocol"
	| "unreadable-call"
	| "timed-out"
	| "server-error"
	| "engine-crashed";

/** An error with its cause in `message` and the next step in `fix`; shown once, in one place. */
export class UserError extends Error {
	override readonly name = "UserError";

	constructor(
		readonly kind: UserErrorKind,
		message: string,
		/** The next step for the person, as an imperative sentence. */
		readonly fix: string,
		options?: ErrorOptions,
	) {
		super(message, options);
	}
}

/** Thrown (as `signal.reason` or by adapters) when the run's signal was aborted. Cancelled is an outcome, not a failure. */
export function isAbort(error: unknown): boolean {
	return error instanceof Error && error.name === "AbortError";
}
