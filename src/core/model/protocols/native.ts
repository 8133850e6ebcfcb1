/** Native calls: the server's own `tools`. What a small model prints as text instead is salvaged where it is a whole, exact call. */

import type { Protocol } from "./protocol-types.ts";
import { resultsAsUser } from "./results-as-user.ts";
import { decodeText } from "./salvage.ts";

export const NATIVE: Protocol = {
	kind: "native",
	encode: (messages, tools, { toolResults, barred: _, ...settings }) => ({
		messages:
			toolResults === "tool"
				? messages
				: messages.map((message) => (message.role === "tool" ? resultsAsUser(message) : message)),
		tools,
		format: null,
		...settings,
	}),
	decode: decodeText,
};
