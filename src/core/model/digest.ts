/** What stands in place of the middle of a conversation that grew too long: facts of the run, found without a model call. */
import type { RoundRecord, RunState } from "../run-state.ts";
import { visible } from "../visible-text.ts";
import { fenced } from "./fenced.ts";
import type { FileInPlay } from "./protocol.ts";

/** Below this, part of a file says too little. */
const MIN_FILE_CHARS = 200;

/**
 * Files changed, what each round tried and in vain, and the current text of the files in play, as far as the characters go.
 * The same state gives the same text.
 */
export function digestOf(
	{ records, filesChanged }: Pick<RunState, "records" | "filesChanged">,
	files: readonly FileInPlay[],
	maxChars: number,
): string {
	const head = ["Earlier rounds were left out. What is known of them:"];
	if (filesChanged.size > 0) head.push(`Files changed so far: ${[...filesChanged].sort().join(", ")}.`);
	const [latest, ...earlier] = records.toReversed().map(roundLine);
	const lines = latest === undefined ? head : [...head, latest];
	let left = maxChars - lines.join("\n").length;
	// The newest rounds and the files say most; what does not fit of the rest is left out from its beginning.
	const texts: string[] = [];
	for (const { path, text } of files) {
		if (text === null) continue;
		const block = `${path} is now:\n${fenced(path, text)}`;
		if (block.length + 1 > left - MIN_FILE_CHARS) continue;
		texts.push(block);
		left -= block.length + 1;
	}
	const told: string[] = [];
	for (const line of earlier) {
		if (line.length + 1 > left) break;
		told.unshift(line);
		left -= line.length + 1;
	}
	return visible([...head, ...told, ...(latest === undefined ? [] : [latest]), ...texts].join("\n")).slice(0, maxChars);
}

function roundLine({ round, verdict, calls, malformed, answer }: RoundRecord): string {
	const made = calls.map(({ name, target, code, tried }) => {
		const words = `${name} ${target}`.trim();
		const text = tried === "" ? "" : ` with "${tried}"`;
		return `${words}${text}${code === "ok" ? "" : ` (${code})`}`;
	});
	const done =
		made.join("; ") ||
		(malformed !== null ? `no call (${malformed.cause})` : answer === null ? "no call" : "words only");
	return `Round ${round}: ${verdict.detail}; then ${done}.`;
}
