/** The one door to everything that runs, reads or sends: closed until the workspace is trusted (threats P1, A26, A27). */
import type { UserError } from "../core/errors.ts";
import type { Machine } from "../core/machine.ts";

/**
 * A machine that asks at each use; the editor's own gate (no start in Restricted Mode) does not cover a command that another
 * extension calls.
 * @throws UserError `untrusted`, from every method
 */
export function trustedMachine<M extends object = Machine>(
	machine: M,
	isTrusted: () => boolean,
	untrusted: () => UserError,
): M {
	return new Proxy(machine, {
		get(target, name, receiver) {
			if (!isTrusted()) throw untrusted();
			return Reflect.get(target, name, receiver);
		},
	});
}
