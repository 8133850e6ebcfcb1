/** When `ruff server` may speak for `ruff check`, and when the command line must be asked instead. */
import { join } from "node:path";
import type { SyntaxProblem } from "../../../core/ports.ts";
import type { ProbeSettings } from "../../../core/probes/engine-messages.ts";
import { compareFindings, type LintFinding } from "../../../core/probes/finding.ts";
import { isBeyond } from "../../../core/probes/inputs.ts";
import { DEFAULT_RULES } from "../../../core/probes/ruff.ts";
import { type Content, changesBetween } from "../content/content.ts";
import { endlessForRuff } from "../content/endless-file.ts";
import { sourceText } from "../content/source-text.ts";
import { lintConfigKey } from "../keys.ts";
import { withMemoryLimit } from "../processes/memory-limit.ts";
import type { RuffCommand, Toolchain } from "../tools/interpreter.ts";
import { configuresLint, lintReachOf } from "./lint-reach.ts";
import { listRuffFiles, type RuffCli } from "./ruff-probe.ts";
import { type RuffServer, startRuffServer } from "./ruff-server.ts";

/** A server that ends by itself this often is not started again. */
const MAX_CRASHES = 2;
/** So many files of a full lint are judged by the server too, before it is believed. */
const TRIED_FILES = 4;

export interface ResidentLint {
	/** The files that `ruff check .` reads, workspace-relative; null where ruff does not tell. @throws signal.reason */
	listed(content: Content, toolchain: Toolchain, signal: AbortSignal): Promise<ReadonlySet<string> | null>;
	/**
	 * Findings of files that `ruff check .` reads.
	 * @returns null where the command line must be asked
	 */
	judge(files: readonly string[], content: Content, toolchain: Toolchain, signal: AbortSignal): Promise<Judged | null>;
	/** Starts the server and holds it against what the command line found in the same content. */
	prepare(content: Content, toolchain: Toolchain, findings: readonly LintFinding[]): void;
	/** @returns undefined where there is no server to ask */
	checkSyntax(
		text: string,
		content: Content,
		toolchain: Toolchain,
		signal: AbortSignal,
	): Promise<SyntaxProblem | null | undefined>;
	/** Gives up the server for good: it said something else than the command line. */
	distrust(why: string): void;
	/** Why the command line is asked; empty while the server answers. */
	whyNot(): string;
	dispose(): void;
}

export interface Judged {
	readonly findings: readonly LintFinding[];
	/** Files that only the command line can judge. */
	readonly left: readonly string[];
	/** Whether each text that was judged is the content's own: none changed between the look and the reading. */
	readonly isExact: boolean;
}

interface JudgedFile {
	readonly file: string;
	/** Of the text that was judged. */
	readonly hash: string;
	/** Null for what the server cannot be told of. */
	readonly findings: readonly LintFinding[] | null;
}

interface Resident {
	/** Of the ruff and of the rules it was started with. */
	readonly key: string;
	/** Whose configuration files the server has seen. */
	content: Content;
	readonly server: Promise<RuffServer>;
}

/** Which files ruff reads, in a workspace of these files under this configuration. */
interface Listing {
	readonly configKey: string;
	readonly content: Content;
	readonly files: Promise<ReadonlySet<string> | null>;
}

export function createResidentLint(
	cli: RuffCli & { readonly settings: Pick<ProbeSettings, "residentLint"> },
): ResidentLint {
	const { root, settings, sandbox, probeEnv } = cli;
	let resident: Resident | null = null;
	let listing: Listing | null = null;
	let trial: Promise<void> = Promise.resolve();
	/** Whether the server was held against the command line, with the same result. */
	let isProven = false;
	let crashes = 0;
	let lastFailure = "the resident ruff is not proven yet";
	let refusal = settings.residentLint ? "" : "the resident ruff is switched off";
	const disposed = new AbortController();

	const start = async (ruff: RuffCommand, toolchain: Toolchain, selected: readonly string[] | null) => {
		const confinement = await sandbox.confinement(toolchain.python, disposed.signal, [ruff.command]);
		if (confinement.kind === "refused") throw new Error(confinement.message);
		const args = [...ruff.args, "server"];
		const program = { command: ruff.command, args, env: probeEnv };
		const launch = confinement.confine(null)(withMemoryLimit(program, settings.memoryLimitMb));
		return startRuffServer(root, launch, selected, settings.ruffTimeoutMs, disposed.signal);
	};
	/** The server for this content's configuration, told of what moved in it. */
	const current = async (content: Content, toolchain: Toolchain): Promise<RuffServer | null> => {
		const { ruff } = toolchain;
		if (ruff === null || refusal !== "" || disposed.signal.aborted || endlessForRuff(content) !== null) return null;
		const isConfigured = lintReachOf(content).configs.length > 0;
		const selected = isConfigured ? null : settings.defaultSelect ? DEFAULT_RULES : [];
		const key = `${ruff.fingerprint} ${selected?.join() ?? "configured"}`;
		if (resident?.key !== key) {
			await end();
			resident = { key, content, server: start(ruff, toolchain, selected) };
		}
		const { server, content: before } = resident;
		resident.content = content;
		try {
			const started = await server;
			if (!started.isAlive()) throw new Error("ruff server ended by itself");
			const configs = changedConfigs(before, content);
			if (configs.length > 0) started.configChanged(configs);
			return started;
		} catch (error) {
			onFailure(error);
			return null;
		}
	};
	const onFailure = (error: unknown) => {
		if (disposed.signal.aborted) return;
		crashes += 1;
		lastFailure = error instanceof Error ? error.message : String(error);
		void end();
		if (crashes >= MAX_CRASHES) refusal = lastFailure;
	};
	const end = async () => {
		const ended = resident;
		resident = null;
		await ended?.server.then(
			(server) => server.dispose(),
			() => undefined,
		);
	};
	/** The files that `ruff check .` reads; null where ruff does not tell. */
	const listed = (content: Content, toolchain: Toolchain): Promise<ReadonlySet<string> | null> => {
		if (endlessForRuff(content) !== null) return Promise.resolve(null);
		const configKey = lintConfigKey(content, toolchain);
		const stands = listing?.configKey === configKey && haveSameFiles(listing.content, content);
		const files = stands ? listing?.files : undefined;
		listing = { configKey, content, files: files ?? listRuffFiles(cli, content, toolchain, disposed.signal) };
		return listing.files.catch(() => null);
	};
	const judgeAll = async (
		files: readonly string[],
		content: Content,
		toolchain: Toolchain,
	): Promise<readonly JudgedFile[] | null> => {
		const server = await current(content, toolchain);
		if (server === null) return null;
		try {
			return await Promise.all(
				files.map(async (file) => {
					const source = /\.pyi?$/.test(file) ? sourceText(join(root, file)) : null;
					if (source === null) return { file, hash: "", findings: null };
					return { file, hash: source.hash, findings: await server.judge(file, source.text) };
				}),
			);
		} catch (error) {
			onFailure(error);
			return null;
		}
	};
	/** One quiet file is tried, too: findings that should not be there are as wrong as such that are missing. */
	const tryOut = async (
		found: readonly string[],
		content: Content,
		toolchain: Toolchain,
		findings: readonly LintFinding[],
	): Promise<void> => {
		const readable = [...((await listed(content, toolchain)) ?? [])];
		const quiet = readable.find((file) => file.endsWith(".py") && !findings.some((finding) => finding.file === file));
		const tried = quiet === undefined ? found : [...found, quiet];
		for (const { file, hash, findings: given } of (await judgeAll(tried, content, toolchain)) ?? []) {
			if (given === null || hash !== content.get(file)) continue;
			const expected = findings.filter((finding) => finding.file === file);
			if (isSame(given, expected)) isProven = true;
			else distrust("ruff server does not find what ruff check finds");
		}
	};
	const distrust = (why: string) => {
		refusal = why;
		isProven = false;
		void end();
	};
	return {
		async listed(content, toolchain, signal) {
			const readable = await listed(content, toolchain);
			signal.throwIfAborted();
			return readable;
		},
		async judge(files, content, toolchain, signal) {
			await trial;
			const judged = isProven ? await judgeAll(files, content, toolchain) : null;
			signal.throwIfAborted();
			if (judged === null) return null;
			return {
				findings: judged.flatMap(({ findings }) => findings ?? []),
				left: judged.filter(({ findings }) => findings === null).map(({ file }) => file),
				isExact: judged.every(({ file, hash }) => hash === content.get(file)),
			};
		},
		prepare(content, toolchain, findings) {
			if (refusal !== "") return;
			const found = [...new Set(findings.map(({ file }) => file))].slice(0, TRIED_FILES);
			trial = tryOut(found, content, toolchain, findings).catch(() => undefined);
		},
		async checkSyntax(text, content, toolchain, signal) {
			try {
				const problem = await (await current(content, toolchain))?.checkSyntax(text);
				signal.throwIfAborted();
				return problem;
			} catch (error) {
				signal.throwIfAborted();
				onFailure(error);
				return undefined;
			}
		},
		distrust,
		whyNot: () => refusal || lastFailure,
		dispose() {
			disposed.abort(new DOMException("The engine ends.", "AbortError"));
		},
	};
}

/** With the configurations themselves: of a base beyond the workspace the server makes nothing. */
function changedConfigs(before: Content, content: Content): readonly string[] {
	const [old, now] = [lintReachOf(before), lintReachOf(content)];
	const changed = changesBetween(before, content).filter(
		(path) => configuresLint(old, path) || configuresLint(now, path),
	);
	return changed.some(isBeyond) ? [...changed.filter((path) => !isBeyond(path)), ...now.configs] : changed;
}

function haveSameFiles(one: Content, other: Content): boolean {
	return changesBetween(one, other).every((path) => one.has(path) && other.has(path));
}

/** Whether two lists hold the same findings, in whatever order. */
export function isSame(one: readonly LintFinding[], other: readonly LintFinding[]): boolean {
	const words = (findings: readonly LintFinding[]) => JSON.stringify(findings.toSorted(compareFindings));
	return one.length === other.length && words(one) === words(other);
}
