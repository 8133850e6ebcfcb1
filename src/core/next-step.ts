/**
 * The last line of a round's message: what to do now, and with which file. Small models follow what they read last; asked for a file
 * alone they copy what they were shown, asked to say first what must change they write it (qwen2.5-coder:1.5b, docs/quality.md).
 */
import { isShort } from "./barred-tools.ts";
import type { Verdict } from "./events.ts";
import type { ToolProtocol } from "./model/conversation.ts";
import type { FileInPlay } from "./model/protocol.ts";

/**
 * @param hidesCode the code that fails is not shown
 * @returns undefined where the findings say enough
 */
export function nextStep(
	files: readonly FileInPlay[],
	state: Verdict["state"],
	protocol: ToolProtocol,
	hidesCode = false,
): string | undefined {
	const missing = files.filter(({ text }) => text === null).map(({ path }) => path);
	const [first] = missing;
	if (first !== undefined) {
		const how =
			protocol === "text" ? `: the line "write_file ${first}", then all of it in one fenced block` : ", whole";
		return `Still missing: ${missing.join(", ")}. Write ${first} now${how}.`;
	}
	const [file, second] = files;
	if (state !== "failing" || file === undefined || !asksForBlock(protocol, files)) return undefined;
	return second === undefined
		? `Say in one sentence what ${file.path} must do${hidesCode ? "" : " differently"}, then give the whole new ${file.path} in one fenced block.`
		: "Say in one sentence which file is wrong and what it must do differently, then give that file: its path on a line of its own, then all of its text in one fenced block.";
}

/** Whether an answer to something that fails is to be a file in a block: words alone are then an attempt in vain, no last word. */
export function asksForBlock(protocol: ToolProtocol, files: readonly FileInPlay[]): boolean {
	return protocol === "text" && files.length > 0 && files.every(isShort);
}
