/** Calls that a run made before, so that the same useless one is not made for ever (threats F28, P14). */
import type { ToolCall } from "../model/conversation.ts";

/** So often a call is made with the same result while nothing changed; then it is answered with a hint. */
const MADE_AT_MOST = 2;
/** So often it may be asked for before the run is stuck. */
export const STUCK_AFTER = 5;

interface Made {
	readonly result: string;
	readonly times: number;
	/** Changes of the workspace before it. */
	readonly changes: number;
}

export class CallHistory {
	private readonly made = new Map<string, Made>();
	private changes = 0;

	/** The result that the call had again and again, where it is not to be made once more. */
	uselessResult(call: ToolCall): string | null {
		const known = this.known(call);
		return known !== null && known.times >= MADE_AT_MOST ? known.result : null;
	}

	/** Counts the call; one that was not made has the result that it had before. @returns how often it came, result and all */
	record(call: ToolCall, result: string, changedSomething: boolean): number {
		const known = this.known(call);
		const times = known !== null && known.result === result ? known.times + 1 : 1;
		if (changedSomething) this.changes += 1;
		this.made.set(keyOf(call), { result, times, changes: this.changes });
		return times;
	}

	/** null where something was changed since, so that the result may be another. */
	private known(call: ToolCall): Made | null {
		const made = this.made.get(keyOf(call));
		return made !== undefined && made.changes === this.changes ? made : null;
	}
}

function keyOf({ name, arguments: given }: ToolCall): string {
	return JSON.stringify([name, given]);
}
