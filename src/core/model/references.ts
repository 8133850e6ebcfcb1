/** What a task refers to, as the model reads it. Each is cut, so that one reference cannot fill a small window. */

const MAX_CHARS = 8_000;

export function referredFile(path: string, text: string): string {
	return `File ${path}:\n${cut(text)}`;
}

/** @param first, last lines, 1-based */
export function referredSelection(path: string, first: number, last: number, text: string): string {
	return `Selected in ${path}, lines ${first} to ${last}:\n${cut(text)}`;
}

/** @param lines one a problem */
export function referredProblems(lines: readonly string[]): string {
	return cut(`Problems:\n${lines.join("\n")}`);
}

export function referredChanges(diff: string): string {
	return `Changes since the last commit:\n${cut(diff)}`;
}

function cut(text: string): string {
	return text.length > MAX_CHARS ? `${text.slice(0, MAX_CHARS)}\n[cut]` : text;
}
