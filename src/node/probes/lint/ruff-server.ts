/** `ruff server`, resident: judges a text in about a millisecond, also one that is not on disk (yet). */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import type { SyntaxProblem } from "../../../core/ports.ts";
import { compareFindings, type LintFinding } from "../../../core/probes/finding.ts";
import { parseDiagnostics } from "../../../core/probes/lsp-diagnostics.ts";
import type { Launch } from "../processes/confine.ts";
import { killGroup } from "../processes/process-group.ts";
import { connectLsp, type LspConnection } from "./lsp-connection.ts";

/** Lies in no folder that a configuration is likely to exclude. */
const SYNTAX_DOCUMENT = "untitled:jetbox-syntax.py";
const BROKEN_TEXT = "x = = 1\n";
const MAX_OPEN_DOCUMENTS = 64;
/** What the target version does not know yet, the project's interpreter may. */
const VERSION_WORDS = /\bon Python \d+\.\d+\b/;

export interface RuffServer {
	/**
	 * Findings of one text, in the words of `ruff check`.
	 * @param file workspace-relative
	 * @throws Error when the server is gone, or says what cannot be read
	 */
	judge(file: string, text: string): Promise<readonly LintFinding[]>;
	/**
	 * The first thing in a text that no Python of any version parses, or null.
	 * @returns undefined where the configuration excludes whatever it is asked
	 * @throws like `judge`
	 */
	checkSyntax(text: string): Promise<SyntaxProblem | null | undefined>;
	/** Tells that configuration files (workspace-relative) changed, came or went: without, the server goes on with the old ones. */
	configChanged(files: readonly string[]): void;
	/** Whether it still runs. */
	isAlive(): boolean;
	dispose(): void;
}

/**
 * Starts the server; it ends with its standard input, and so with this process, however that ends.
 * @param ended ends it at once, also while it starts
 * @param selected rules where the workspace has no configuration of its own (empty: ruff's own choice); null: its configuration decides
 */
export async function startRuffServer(
	root: string,
	launch: Launch,
	selected: readonly string[] | null,
	timeoutMs: number,
	ended: AbortSignal,
): Promise<RuffServer> {
	ended.throwIfAborted();
	const child = spawn(launch.command, launch.args, {
		cwd: root,
		env: launch.env,
		stdio: ["pipe", "pipe", "ignore"],
		detached: process.platform !== "win32",
		windowsHide: true,
	});
	const connection = connectLsp(child.stdin, child.stdout);
	let alive = true;
	const end = (why: string) => {
		if (!alive) return;
		alive = false;
		connection.close(new Error(why));
		for (const stream of [child.stdin, child.stdout]) stream.destroy();
		killGroup(child, "SIGKILL");
	};
	child.once("error", (error) => end(`ruff server could not be started: ${error.message}`));
	child.once("exit", (code, signal) => end(`ruff server ended by itself (${signal ?? `exit code ${code}`})`));
	ended.addEventListener("abort", () => end("ruff server was ended"), { once: true });
	const within = async <T>(answer: Promise<T>): Promise<T> => {
		const late = new AbortController();
		const timeout = sleep(timeoutMs, undefined, { signal: late.signal }).then(
			() => end(`ruff server did not answer within ${timeoutMs / 1000} s`),
			() => undefined,
		);
		void timeout;
		try {
			return await answer;
		} finally {
			late.abort();
		}
	};
	await within(connection.request("initialize", initializeParams(root, selected)));
	connection.notify("initialized", {});
	const documents = createDocuments(connection);

	const pull = async (uri: string, file: string, text: string): Promise<readonly LintFinding[]> => {
		documents.show(uri, text);
		const findings = parseDiagnostics(
			await within(connection.request("textDocument/diagnostic", { textDocument: { uri } })),
			file,
		);
		if (findings === null) throw new Error("ruff server answered in a form that is not known");
		return findings;
	};
	const firstSyntaxError = async (text: string): Promise<LintFinding | undefined> =>
		(await pull(SYNTAX_DOCUMENT, "", text))
			.filter(({ code, message }) => code === "syntax-error" && !VERSION_WORDS.test(message))
			.toSorted(compareFindings)[0];
	let seesErrors: boolean | null = null;
	return {
		judge: (file, text) => pull(uriOf(root, file), file, text),
		async checkSyntax(text) {
			seesErrors ??= (await firstSyntaxError(BROKEN_TEXT)) !== undefined;
			if (!seesErrors) return undefined;
			const first = await firstSyntaxError(text);
			return first === undefined ? null : { line: first.line, column: first.column, message: first.message };
		},
		configChanged(files) {
			seesErrors = null;
			const changes = files.map((file) => ({ uri: uriOf(root, file), type: 2 }));
			connection.notify("workspace/didChangeWatchedFiles", { changes });
		},
		isAlive: () => alive,
		dispose: () => end("ruff server was ended"),
	};
}

/** The texts that the server holds; each is sent whole, so that it never has another than we mean. */
function createDocuments(connection: LspConnection): { show(uri: string, text: string): void } {
	const versions = new Map<string, number>();
	return {
		show(uri, text) {
			const version = (versions.get(uri) ?? 0) + 1;
			if (versions.delete(uri)) {
				connection.notify("textDocument/didChange", { textDocument: { uri, version }, contentChanges: [{ text }] });
			} else {
				connection.notify("textDocument/didOpen", { textDocument: { uri, languageId: "python", version, text } });
			}
			versions.set(uri, version);
			const oldest = versions.keys().next();
			if (versions.size > MAX_OPEN_DOCUMENTS && oldest.done !== true) {
				versions.delete(oldest.value);
				connection.notify("textDocument/didClose", { textDocument: { uri: oldest.value } });
			}
		},
	};
}

function initializeParams(root: string, selected: readonly string[] | null) {
	const uri = pathToFileURL(root).href;
	return {
		processId: null,
		rootUri: uri,
		workspaceFolders: [{ uri, name: "workspace" }],
		capabilities: {
			general: { positionEncodings: ["utf-16"] },
			textDocument: { diagnostic: {} },
			workspace: { didChangeWatchedFiles: { dynamicRegistration: true } },
		},
		initializationOptions: {
			settings:
				selected === null
					? { configurationPreference: "filesystemFirst" }
					: {
							configurationPreference: "editorOnly",
							...(selected.length === 0 ? {} : { configuration: { lint: { select: selected } } }),
						},
		},
	};
}

function uriOf(root: string, file: string): string {
	return pathToFileURL(join(root, file)).href;
}
