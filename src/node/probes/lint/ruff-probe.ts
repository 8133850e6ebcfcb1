/** Runs ruff on the workspace, or on some of its files, and reads what it found. */
import { lstatSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { LintFix } from "../../../core/ports.ts";
import type { ProbeSettings } from "../../../core/probes/engine-messages.ts";
import type { LintFinding } from "../../../core/probes/finding.ts";
import { type NotRunAnswer, notRun } from "../../../core/probes/report.ts";
import {
	fixArguments,
	formatArguments,
	listArguments,
	MAX_LINT_FINDINGS,
	parseRuffLines,
	ruffArguments,
	ruffErrorWords,
	toUtf16Column,
} from "../../../core/probes/ruff.ts";
import type { Content } from "../content/content.ts";
import { endlessForRuff } from "../content/endless-file.ts";
import { readPlainText } from "../content/plain-file.ts";
import { withMemoryLimit } from "../processes/memory-limit.ts";
import type { ProcessResult, ProcessRunner } from "../processes/process-runner.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import type { Toolchain } from "../tools/interpreter.ts";
import { lintReachOf } from "./lint-reach.ts";

const MAX_TEXT_BYTES = 64 * 1024 * 1024;

export type LintOutcome =
	| { readonly status: "judged"; readonly findings: readonly LintFinding[]; readonly note: string }
	| NotRunAnswer;

/** What the command line needs, whatever is asked of it. */
export interface RuffCli {
	readonly root: string;
	readonly settings: Pick<ProbeSettings, "defaultSelect" | "ruffTimeoutMs" | "maxOutputBytes" | "memoryLimitMb">;
	readonly runner: ProcessRunner;
	readonly sandbox: Sandbox;
	readonly probeEnv: Readonly<Record<string, string>>;
}

const INSTALL = "Run `python -m pip install ruff` in the project's environment.";

/**
 * `ruff check` on the workspace, or on some of its files.
 * @param files workspace-relative, or null for all
 * @throws signal.reason when aborted, after the process is gone
 */
export async function runRuff(
	cli: RuffCli,
	toolchain: Toolchain,
	content: Content,
	files: readonly string[] | null,
	signal: AbortSignal,
): Promise<LintOutcome> {
	const { root, settings } = cli;
	const args = ruffArguments({ ...planOf(cli, content), files });
	const result = await startRuff(cli, toolchain, content, args, signal);
	if ("status" in result) return result;
	const { end } = result;
	if (end.kind === "aborted") throw signal.reason;
	if (end.kind === "timed-out") {
		return notRun(
			"timed-out",
			`ruff took longer than ${settings.ruffTimeoutMs / 1000} s`,
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

/** The files that `ruff check .` reads, workspace-relative; null where ruff does not tell. @throws signal.reason */
export async function listRuffFiles(
	cli: RuffCli,
	content: Content,
	toolchain: Toolchain,
	signal: AbortSignal,
): Promise<ReadonlySet<string> | null> {
	const result = await startRuff(cli, toolchain, content, listArguments(planOf(cli, content)), signal);
	if ("status" in result || result.end.kind !== "exited" || result.end.code !== 0 || result.truncated) return null;
	const paths = result.stdout.split(/\r?\n/).filter((line) => line !== "");
	return new Set(paths.map((path) => relativePath(cli.root, path)));
}

/** The text with ruff's fixes done; null where ruff changes nothing or does not run. @throws signal.reason */
export async function fixByRuff(
	cli: RuffCli,
	toolchain: Toolchain,
	content: Content,
	{ file, text, unsafe, formatted }: LintFix,
	signal: AbortSignal,
): Promise<string | null> {
	const plan = planOf(cli, content);
	const filter = async (args: readonly string[], input: string): Promise<string> => {
		const result = await startRuff(cli, toolchain, content, args, signal, input);
		if ("status" in result) return input;
		if (result.end.kind === "aborted") throw signal.reason;
		const isWhole = result.end.kind === "exited" && result.end.code === 0 && !result.truncated;
		return isWhole ? result.stdout : input;
	};
	let fixed = text;
	// From the last on: what becomes longer moves no line that is still to come.
	for (const line of formatted.toSorted((one, other) => other - one))
		fixed = await filter(formatArguments(plan, file, line), fixed);
	fixed = await filter(fixArguments(plan, file, unsafe), fixed);
	return fixed === text ? null : fixed;
}

/** One command line of ruff, confined as every other. @param input for its stdin */
export async function startRuff(
	{ root, settings, runner, sandbox, probeEnv }: RuffCli,
	{ ruff, python }: Toolchain,
	content: Content,
	args: readonly string[],
	signal: AbortSignal,
	input = "",
): Promise<ProcessResult | NotRunAnswer> {
	if (ruff === null) return notRun("tool-missing", "ruff is not installed", INSTALL);
	const endless = endlessForRuff(content);
	if (endless !== null)
		return notRun("bad-config", endlessWords(endless), `Remove ${endless}, or make it a plain file.`);
	const confinement = await sandbox.confinement(python, signal, [ruff.command]);
	if (confinement.kind === "refused") return notRun("tool-missing", confinement.message, confinement.fix);
	const program = { command: ruff.command, args: [...ruff.args, ...args], env: probeEnv };
	const launch = confinement.confine(null)(withMemoryLimit(program, settings.memoryLimitMb));
	const limits = { timeoutMs: settings.ruffTimeoutMs, maxOutputBytes: settings.maxOutputBytes };
	return runner.run({ ...launch, ...limits, cwd: root, input }, signal);
}

function planOf({ settings }: RuffCli, content: Content) {
	const { configs } = lintReachOf(content);
	return {
		hasRootConfig: configs.some((path) => !path.includes("/")),
		hasNestedConfig: configs.length > 0,
		defaultSelect: settings.defaultSelect,
	};
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
		return lstatSync(path).isFile() ? readPlainText(path, MAX_TEXT_BYTES) : null;
	} catch {
		return null;
	}
}

function endlessWords(path: string): string {
	return `${path} is a pipe, or leads to a file of the kernel: ruff would read it for ever`;
}
