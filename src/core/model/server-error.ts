/** A server that cannot be used, as the error that whoever needs it throws. */
import { UserError } from "../errors.ts";
import type { ServerState } from "../machine.ts";

export function serverError({ kind, message, fix }: Exclude<ServerState, { kind: "ok" }>): UserError {
	switch (kind) {
		case "refused":
			return new UserError("server-error", message, fix);
		case "loading":
			return new UserError("busy", message, fix);
		default:
			return new UserError(kind, message, fix);
	}
}
