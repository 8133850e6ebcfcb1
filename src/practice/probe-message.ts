/** The loop's PROBE message, read back. */

export interface Failure {
	/** pytest's id; of a collection error the file alone. */
	readonly testId: string;
	readonly file: string;
	readonly line: number;
	readonly message: string;
	/** Innermost frame in workspace code, 1-based line. */
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
	readonly number: number;
	readonly state: string;
	readonly failures: readonly Failure[];
	readonly lint: readonly Lint[];
	/** Findings that are not listed. */
	readonly more: number;
}

/** @returns null for a message that is no probe's */
export function parseProbe(text: string): Probe | null {
	const head = /(?:^|\n)PROBE (\d+): ([\w-]+)/.exec(text);
	if (head === null) return null;
	const failures: Failure[] = [];
	const lint: Lint[] = [];
	for (const line of text.slice(head.index).split("\n")) {
		const failure = /^- FAIL (.+?) \(([^()]+):(\d+)\) ?(.*)$/.exec(line);
		const finding = /^- LINT (.+?):(\d+):(\d+) (\S+) (.*)$/.exec(line);
		const frame = /^\s+at (.+?):(\d+) in /.exec(line);
		const last = failures.at(-1);
		if (failure !== null) {
			const [, testId = "", file = "", at = "", message = ""] = failure;
			failures.push({ testId, file, line: Number(at), message, frame: null });
		} else if (finding !== null) {
			const [, file = "", at = "", column = "", code = "", message = ""] = finding;
			lint.push({ file, line: Number(at), column: Number(column), code, message });
		} else if (frame !== null && last !== undefined) {
			failures[failures.length - 1] = { ...last, frame: { file: frame[1] ?? "", line: Number(frame[2]) } };
		}
	}
	const more = Number(/\n\(\+(\d+) more\)/.exec(text)?.[1] ?? 0);
	return { number: Number(head[1]), state: head[2] ?? "", failures, lint, more };
}

/** Ids that fail now and did not before; a file that could not be collected before may fail in its tests now. */
export function newFailures(before: Probe, now: Probe): readonly string[] {
	if (now.state === "not-run" && before.state !== "not-run") return ["(the tests did not run)"];
	if (before.more > 0) {
		const grown = now.failures.length + now.more > before.failures.length + before.more;
		return grown ? ["(more than before)"] : [];
	}
	const known = before.failures.map(({ testId }) => testId);
	return now.failures
		.map(({ testId }) => testId)
		.filter((id) => !known.some((old) => id === old || id.startsWith(`${old}::`)));
}

/** What the file's name says: tests and their set-up are never repaired. */
export function isTestFile(path: string): boolean {
	return /(^|\/)(test_[^/]*|[^/]*_test|conftest)\.py$|^tests?\//.test(path);
}
