import type { RunEvent } from "./events.ts";

/** An escalation as a sentence for people: what showed that the run is stuck, and how the model is asked now. */
export function escalationWords({
	step,
	reason,
	model,
	protocol,
}: Pick<Extract<RunEvent, { type: "escalated" }>, "step" | "reason" | "model" | "protocol">): string {
	const words = {
		"fresh-context": "asked anew from a fresh context",
		"other-protocol": `asked anew by the ${protocol} protocol`,
		"larger-model": `asked ${model}, a larger model`,
		thinking: "asked to think first",
	};
	return `Stuck (${reason}): ${words[step]}.`;
}
