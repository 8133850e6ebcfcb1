/** Asks on the terminal, with the diff; without a terminal the answer is no. */
import { createTwoFilesPatch } from "diff";
import { withBlanksCounted } from "../core/blanks.ts";
import type { Approver } from "../core/ports.ts";
import { visible } from "../core/visible-text.ts";
import type { Terminal } from "./terminal.ts";

/** The approver of `jetbox run`. */
export function createTerminalApprover(terminal: Terminal): Approver {
	return {
		async approve({ change, before, why }, signal) {
			if (!terminal.interactive) {
				const what = visible(`${change.kind} ${change.path} (${why})`);
				terminal.err(`Refused without a terminal to ask on: ${what}.`);
				return "refused";
			}
			const after = change.kind === "delete" ? "" : change.text;
			const patch = createTwoFilesPatch(change.path, change.path, before, after, "now", "proposed");
			for (const line of patch.split("\n").slice(1)) {
				const style = line.startsWith("+") ? "green" : line.startsWith("-") ? "red" : "dim";
				terminal.err(terminal.style(style, withBlanksCounted(visible(line))));
			}
			const sizes = `${before.length} characters before, ${after.length} after`;
			const yes = await terminal.confirm(visible(`${change.kind} ${change.path}? (${why}; ${sizes})`), signal);
			return yes ? "approved" : "refused";
		},
	};
}
