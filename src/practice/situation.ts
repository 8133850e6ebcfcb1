/** What the conversation tells: the newest probe, the files as they must be by now, what was tried and what is in doubt. */

/** As Ollama's wire has it; everything else in a message is of no use here. */
export interface WireMessage {
	readonly role: string;
	readonly content: string;
	readonly toolCalls: readonly WireCall[];
	readonly toolName: string;
}

export interface WireCall {
	readonly name: string;
	readonly arguments: Readonly<Record<string, string | number>>;
}

export interface Failure {
	readonly testId: string;
	readonly file: string;
	readonly line: number;
	readonly message: string;
	readonly frame: { readonly file: string; readonly line: number } | null;
}

export interface Lint {
	readonly file: string;
	readonly line: number;
	readonly column: number;
	readonly code: string;
	readonly message: string;
}

export interface Probe {
	readonly state: string;
	readonly failures: readonly Failure[];
	readonly lint: readonly Lint[];
}

/** An edit whose worth the next probe tells. */
export interface Attempt {
	readonly testId: string;
	readonly path: string;
	readonly oldText: string;
	readonly newText: string;
}

export interface Situation {
	readonly probe: Probe | null;
	/** Text by path, of every file that was read whole. */
	readonly files: ReadonlyMap<string, string>;
	/** Paths that were asked for and are not to be had. */
	readonly missing: ReadonlySet<string>;
	/** Of list_files, or null while it was not asked. */
	readonly listing: readonly string[] | null;
	readonly tried: ReadonlySet<string>;
	/** Attempts that the newest probe shows to be of no use and that still stand. */
	readonly failed: readonly Attempt[];
	readonly searched: ReadonlySet<string>;
	/** Tests that cannot be mended: their candidates are used up. */
	readonly attempts: number;
}

/** Begins the model's own words where its edits are attempts; one line for each names its test. */
export const TRYING = "Trying a repair for ";

export function attemptKey(path: string, oldText: string, newText: string): string {
	return JSON.stringify([path, oldText, newText]);
}

/** Folds a conversation. */
export function readSituation(messages: readonly WireMessage[]): Situation {
	const files = new Map<string, string>();
	const missing = new Set<string>();
	const tried = new Set<string>();
	const searched = new Set<string>();
	let listing: readonly string[] | null = null;
	let probe: Probe | null = null;
	let pending: Attempt[] = [];
	let failed: Attempt[] = [];
	let open: { readonly call: WireCall; readonly testId: string | null }[] = [];
	for (const message of messages) {
		if (message.role === "user" && /(^|\n)PROBE \d+:/.test(message.content)) {
			probe = parseProbe(message.content);
			const failing = new Set(probe.failures.map(({ testId }) => testId));
			failed = pending.filter(({ testId }) => failing.has(testId));
			pending = [];
		} else if (message.role === "assistant") {
			const targets = message.content
				.split("\n")
				.filter((line) => line.startsWith(TRYING))
				.map((line) => line.slice(TRYING.length));
			const firstTry = message.toolCalls.length - targets.length;
			open = message.toolCalls.map((call, index) => ({
				call,
				testId: index >= firstTry ? (targets[index - firstTry] ?? null) : null,
			}));
		} else if (message.role === "tool") {
			const done = open.shift();
			if (done !== undefined) onResult(done.call, done.testId, message.content);
		}
	}
	return { probe, files, missing, listing, tried, failed, searched, attempts: tried.size };

	function onResult({ name, arguments: given }: WireCall, testId: string | null, result: string): void {
		const path = String(given["path"] ?? "");
		const ok = !result.startsWith("ERROR");
		if (name === "list_files" && ok) listing = result.split("\n");
		if (name === "search") searched.add(String(given["text"] ?? ""));
		if (name === "read_file") {
			if (!ok) missing.add(path);
			else if (/\(lines \d+-\d+ not shown/.test(result)) files.set(path, (files.get(path) ?? "") + numbered(result));
			else files.set(path, (given["start_line"] === undefined ? "" : (files.get(path) ?? "")) + numbered(result));
		}
		if (name !== "edit_file") return;
		const [oldText, newText] = [String(given["old_text"] ?? ""), String(given["new_text"] ?? "")];
		if (testId !== null) tried.add(attemptKey(path, oldText, newText));
		const text = files.get(path);
		if (!ok || text === undefined) return;
		files.set(path, text.split(oldText).join(newText));
		failed = failed.filter(
			(attempt) => !(attempt.path === path && attempt.newText === oldText && attempt.oldText === newText),
		);
		if (testId !== null) pending.push({ testId, path, oldText, newText });
	}
}

/** `PATH lines A-B of N`, then `   7| text`. */
function numbered(result: string): string {
	const lines = result.split("\n").flatMap((line) => /^\s*\d+\| ?(.*)$/.exec(line)?.[1] ?? []);
	return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

export function parseProbe(text: string): Probe {
	const failures: Failure[] = [];
	const lint: Lint[] = [];
	for (const line of text.split("\n")) {
		const failure = /^- FAIL (.+?) \(([^()]+):(\d+)\) (.*)$/.exec(line);
		const finding = /^- LINT (.+?):(\d+):(\d+) (\S+) (.*)$/.exec(line);
		const frame = /^\s+at (.+?):(\d+) in /.exec(line);
		const last = failures.at(-1);
		if (failure !== null) {
			failures.push({
				testId: failure[1] ?? "",
				file: failure[2] ?? "",
				line: Number(failure[3]),
				message: failure[4] ?? "",
				frame: null,
			});
		} else if (finding !== null) {
			lint.push({
				file: finding[1] ?? "",
				line: Number(finding[2]),
				column: Number(finding[3]),
				code: finding[4] ?? "",
				message: finding[5] ?? "",
			});
		} else if (frame !== null && last !== undefined) {
			failures[failures.length - 1] = { ...last, frame: { file: frame[1] ?? "", line: Number(frame[2]) } };
		}
	}
	return { state: /(?:^|\n)PROBE \d+: ([\w-]+)/.exec(text)?.[1] ?? "", failures, lint };
}
