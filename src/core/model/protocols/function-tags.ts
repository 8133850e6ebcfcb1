import type { Json } from "../conversation.ts";
import type { FoundCall } from "./protocol-types.ts";

const CALL = "<function=";
const PARAMETER = "<parameter=";

/** `<function=read_file><parameter=path>src/app.py</parameter></function>`, as qwen3-coder writes calls. */
export function readFunctionTags(text: string): readonly FoundCall[] {
	const found: FoundCall[] = [];
	for (let at = text.indexOf(CALL); at >= 0; ) {
		const nameEnd = text.indexOf(">", at);
		const end = text.indexOf("</function>", at);
		if (nameEnd < 0 || end < 0) break;
		if (nameEnd < end) {
			found.push({
				name: text.slice(at + CALL.length, nameEnd).trim(),
				arguments: readParameters(text.slice(nameEnd + 1, end)),
			});
		}
		// What stands inside a call is its argument, even where it looks like another call.
		at = text.indexOf(CALL, end);
	}
	return found;
}

function readParameters(text: string): { readonly [key: string]: Json } {
	const given: [string, Json][] = [];
	for (let at = text.indexOf(PARAMETER), end = 0; at >= 0; at = text.indexOf(PARAMETER, end)) {
		const nameEnd = text.indexOf(">", at);
		end = text.indexOf("</parameter>", at);
		if (nameEnd < 0 || end < nameEnd) break;
		given.push([
			text.slice(at + PARAMETER.length, nameEnd).trim(),
			text
				.slice(nameEnd + 1, end)
				.replace(/^\n/, "")
				.replace(/\n$/, ""),
		]);
	}
	return Object.fromEntries(given);
}
