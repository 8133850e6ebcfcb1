/** Runs ruff on the workspace, or on some of its files, and reads what it found. */
import { lstatSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { LintFinding } from "../../core/probes/finding.ts";
import type { NotRunReason } from "../../core/probes/report.ts";
import {
	isRuffConfig,
	MAX_LINT_FINDINGS,
	parseRuffLines,
	ruffArguments,
	ruffErrorWords,
	toUtf16Column,
} from "../../core/probes/ruff.ts";
import type { Confine } from "./confine.ts";
import type { Content } from "./content.ts";
import type { RuffCommand } from "./interpreter.ts";
import type { ProcessRunner } from "./process-runner.ts";

export type LintOutcome =
	| { readonly status: "judged"; readonly findings: readonly LintFinding[]; readonly note: string }
	| { readonly status: "not-run"; readonly reason: NotRunReason; readonly message: string; readonly fix: string };

export interface RuffRun {
	readonly root: string;
	readonly ruff: RuffCommand;
	/** Null: all files. */
	readonly files: readonly string[] | null;
	readonly content: Content;
	readonly defaultSelect: boolean;
	readonly timeoutMs: number;
	readonly maxOutputBytes: number;
	readonly env: Readonly<Record<string, string>>;
	readonly confine: Confine;
}

/** @throws signal.reason when aborted, after the process is gone */
export async function runRuff(runner: ProcessRunner, run: RuffRun, signal: AbortSignal): Promise<LintOutcome> {
	const { root, ruff, files, content, defaultSelect, timeoutMs, maxOutputBytes } = run;
	const configs = [...content.keys()].filter((path) => isConfig(root, path));
	const hasRootConfig = configs.some((path) => !path.includes("/"));
	const args = ruffArguments({ hasRootConfig, hasNestedConfig: configs.length > 0, defaultSelect, files });
	const launch = run.confine({ command: ruff.command, args: [...ruff.args, ...args], env: run.env });
	const result = await runner.run({ ...launch, cwd: root, timeoutMs, maxOutputBytes }, signal);
	const { end } = result;
	if (end.kind === "aborted") throw signal.reason;
	if (end.kind === "timed-out") {
		return notRun(
			"timed-out",
			`ruff took longer than ${timeoutMs / 1000} s`,
			"Exclude large folders in ruff's configuration.",
		);
	}
	if (end.kind === "not-started")
		return notRun("crashed", `ruff could not be started: ${end.message}`, "Reinstall ruff.");
	if (end.kind === "signalled")
		return notRun("crashed", `ruff was ended by ${end.signal}`, "Run ruff check in a terminal.");
	if (end.code > 1 || end.code < 0) {
		return notRun(
			"bad-config",
			`ruff could not run: ${ruffErrorWords(result.stderr)}`,
			"Mend ruff's configuration; `ruff check` in a terminal shows the whole message.",
		);
	}
	const { findings, total, unreadable } = parseRuffLines(result.stdout, (path) => relativePath(root, path));
	if (end.code === 1 && findings.length === 0) {
		return notRun("crashed", "ruff reports findings that could not be read", "Update ruff to 0.4 or newer.");
	}
	const cut = result.truncated || total > MAX_LINT_FINDINGS || unreadable > 0;
	const count = result.truncated ? `more than ${total}` : `${total}`;
	return {
		status: "judged",
		findings: inUtf16(root, findings),
		note: cut ? `too many findings: ${count}, the first ${findings.length} are listed` : "",
	};
}

function isConfig(root: string, path: string): boolean {
	const name = path.slice(path.lastIndexOf("/") + 1);
	return isRuffConfig(name, name === "pyproject.toml" ? textOf(join(root, path)) : null);
}

function relativePath(root: string, path: string): string {
	return relative(root, path).split(sep).join("/");
}

/** ruff counts columns in code points; only lines with characters beyond 16 bits count differently. */
function inUtf16(root: string, findings: readonly LintFinding[]): readonly LintFinding[] {
	const texts = new Map<string, readonly string[]>();
	const lineOf = (file: string, line: number) => {
		const lines = texts.get(file) ?? wideLines(join(root, file));
		texts.set(file, lines);
		return lines[line - 1];
	};
	return findings.map((finding) => {
		const start = lineOf(finding.file, finding.line);
		const end = lineOf(finding.file, finding.endLine);
		return {
			...finding,
			column: start === undefined ? finding.column : toUtf16Column(start, finding.column),
			endColumn: end === undefined ? finding.endColumn : toUtf16Column(end, finding.endColumn),
		};
	});
}

/** The lines of a file that holds characters beyond 16 bits; none of one that does not. */
function wideLines(path: string): readonly string[] {
	const text = textOf(path) ?? "";
	return /[\ud800-\udbff]/.test(text) ? text.replace(/^\ufeff/, "").split(/\r\n|\n|\r/) : [];
}

function textOf(path: string): string | null {
	try {
		return lstatSync(path).isFile() ? readFileSync(path, "utf8") : null;
	} catch {
		return null;
	}
}

function notRun(reason: NotRunReason, message: string, fix: string): LintOutcome {
	return { status: "not-run", reason, message, fix };
}
