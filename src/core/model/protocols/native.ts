/** Native calls: the server's own `tools`. What a small model prints as text instead is salvaged where it is a whole, exact call. */

import type { Protocol } from "./protocol-types.ts";
import { CUT_ANSWER, emptyAnswer, salvageCalls } from "./salvage.ts";

export const NATIVE: Protocol = {
	kind: "native",
	encode: (messages, tools, limits) => ({ messages, tools, format: null, ...limits }),
	decode(reply, tools, newCallId) {
		if (reply.doneReason === "length") return CUT_ANSWER;
		if (reply.toolCalls.length > 0) {
			// Servers number the calls of one answer; within the conversation an id must stand once.
			return { kind: "calls", calls: reply.toolCalls.map((call) => ({ ...call, id: newCallId() })) };
		}
		return salvageCalls(reply.content, tools, newCallId) ?? emptyAnswer(reply.content);
	},
};
