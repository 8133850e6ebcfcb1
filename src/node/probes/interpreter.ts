/** Which Python and which ruff judge a workspace. A program of the workspace itself runs only from a virtual environment. */
import { type Stats, statSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import type { ProbeSettings } from "../../core/probes/engine-messages.ts";
import type { Launch } from "./confine.ts";
import type { ProcessRunner } from "./process-runner.ts";
import { isInside, isWorkspaceProgram, pathFolders } from "./program-paths.ts";
import type { Sandbox } from "./sandbox.ts";

export interface PythonInfo {
	/** As it is called; in a virtual environment the environment's own. */
	readonly path: string;
	readonly version: string;
	/** pytest's version, or null where it is not installed. */
	readonly pytest: string | null;
	readonly hasRuffModule: boolean;
	/** Folders that the interpreter loads from. */
	readonly prefixes: readonly string[];
	/** Changes when another interpreter or other packages are installed. */
	readonly fingerprint: string;
}

export interface RuffCommand {
	readonly command: string;
	/** Before ruff's own arguments. */
	readonly args: readonly string[];
	readonly version: string;
	readonly fingerprint: string;
}

export interface Toolchain {
	/** Null where no interpreter was found that runs. */
	readonly python: PythonInfo | null;
	readonly ruff: RuffCommand | null;
}

export interface ToolchainFinder {
	find(signal: AbortSignal): Promise<Toolchain>;
}

type Env = Readonly<Record<string, string | undefined>>;

const QUERY_TIMEOUT_MS = 20_000;
const WINDOWS = process.platform === "win32";
const BIN = WINDOWS ? "Scripts" : "bin";
const EXE = WINDOWS ? ".exe" : "";

/** Asks an interpreter for itself; -I keeps the workspace and the environment out of its import path. */
const QUERY = `
import importlib.util, json, sys, sysconfig
from importlib import metadata
def version(name):
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
print(json.dumps({
    "path": sys.executable,
    "version": "%d.%d.%d" % sys.version_info[:3],
    "pytest": version("pytest") if importlib.util.find_spec("pytest") else None,
    "ruff": importlib.util.find_spec("ruff") is not None,
    "prefixes": sorted({sys.prefix, sys.base_prefix, sys.exec_prefix}),
    "sites": sorted({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}),
}))
`;

/** Runs ruff's module without the working folder on the import path; -P would do, but only from Python 3.11 on. */
const RUFF_MODULE =
	"import sys; sys.path[:] = [p for p in sys.path if p]; import runpy; runpy.run_module('ruff', run_name='__main__')";

/** Remembers its answer until an interpreter, its packages or a ruff change on disk. */
export function createToolchainFinder(parts: {
	readonly root: string;
	readonly settings: Pick<ProbeSettings, "pythonPath" | "ruffPath">;
	readonly runner: ProcessRunner;
	readonly sandbox: Sandbox;
	readonly env: Env;
	readonly probeEnv: Readonly<Record<string, string>>;
}): ToolchainFinder {
	const { root, settings, runner, sandbox, env, probeEnv } = parts;
	let known: { readonly stamp: string; readonly toolchain: Toolchain; readonly watched: readonly string[] } | null =
		null;

	/** A program of the workspace is the repository's: it is asked in the sandbox, or after the person's yes (threats A22). */
	const launchOf = async (launch: Launch, signal: AbortSignal): Promise<Launch | null> => {
		if (!isWorkspaceProgram(root, launch.command)) return launch;
		const confinement = await sandbox.confinement(null, signal, [launch.command]);
		return confinement.kind === "ready" ? confinement.confine(null)(launch) : null;
	};
	const ask = async (command: string, args: readonly string[], signal: AbortSignal): Promise<string | null> => {
		const launch = await launchOf({ command, args, env: probeEnv }, signal);
		if (launch === null) return null;
		const limits = { timeoutMs: QUERY_TIMEOUT_MS, maxOutputBytes: 65_536 };
		const result = await runner.run({ ...launch, cwd: root, ...limits }, signal);
		signal.throwIfAborted();
		return result.end.kind === "exited" && result.end.code === 0 ? result.stdout : null;
	};
	const findPython = async (signal: AbortSignal) => {
		for (const candidate of pythonCandidates(root, settings.pythonPath, env)) {
			const answer = isProgram(candidate) ? await ask(candidate, ["-I", "-c", QUERY], signal) : null;
			const parsed = answer === null ? null : parseQuery(answer);
			if (parsed !== null) return parsed;
			// A chosen interpreter that does not run is an error to show, not one to work around.
			if (candidate === settings.pythonPath) return null;
		}
		return null;
	};
	const findRuff = async (python: Queried | null, signal: AbortSignal): Promise<RuffCommand | null> => {
		const beside = python === null ? [] : [join(dirname(python.path), `ruff${EXE}`)];
		const onPath = pathFolders(env, root).map((folder) => join(folder, `ruff${EXE}`));
		const module = python?.hasRuffModule === true ? [{ command: python.path, args: ["-E", "-c", RUFF_MODULE] }] : [];
		const plain = (paths: readonly string[]) => paths.filter(isProgram).map((command) => ({ command, args: [] }));
		const choices =
			settings.ruffPath === null ? [...plain(beside), ...module, ...plain(onPath)] : plain([settings.ruffPath]);
		for (const { command, args } of choices) {
			const answer = await ask(command, [...args, "--version"], signal);
			const version = answer?.match(/\bruff (\S+)/)?.[1];
			if (version !== undefined) return { command, args, version, fingerprint: `${stampOf(command)} ${version}` };
		}
		return null;
	};
	return {
		async find(signal) {
			if (known !== null && known.stamp === known.watched.map(stampOf).join("\n")) return known.toolchain;
			const python = await findPython(signal);
			const ruff = await findRuff(python, signal);
			const watched = [
				...pythonCandidates(root, settings.pythonPath, env),
				...(python === null ? [] : [...python.sites, join(dirname(python.path), `ruff${EXE}`)]),
				...(ruff === null ? pathFolders(env, root).map((folder) => join(folder, `ruff${EXE}`)) : [ruff.command]),
				...(settings.ruffPath === null ? [] : [settings.ruffPath]),
			];
			const stamp = watched.map(stampOf).join("\n");
			const fingerprint = python === null ? "" : [python.path, ...python.sites].map(stampOf).join(" ");
			const toolchain: Toolchain = {
				python:
					python === null
						? null
						: {
								path: python.path,
								version: python.version,
								pytest: python.pytest,
								hasRuffModule: python.hasRuffModule,
								prefixes: python.prefixes,
								fingerprint: `${python.path} ${python.version} ${fingerprint}`,
							},
				ruff,
			};
			known = { stamp, toolchain, watched };
			return toolchain;
		},
	};
}

/** In order: the setting alone; else VIRTUAL_ENV, .venv, venv, CONDA_PREFIX, PATH. */
export function pythonCandidates(root: string, setting: string | null, env: Env): readonly string[] {
	if (setting !== null) return [setting];
	const named = [env["VIRTUAL_ENV"], join(root, ".venv"), join(root, "venv")]
		.filter((folder) => folder !== undefined && folder !== "" && isAbsolute(folder))
		.filter((folder) => folder !== undefined && isEnvironment(folder));
	const conda = env["CONDA_PREFIX"];
	return [
		...named.flatMap((folder) => (folder === undefined ? [] : [pythonIn(folder)])),
		...(conda !== undefined && isAbsolute(conda) && !isInside(root, conda)
			? WINDOWS
				? [join(conda, "python.exe")]
				: [pythonIn(conda)]
			: []),
		...pathPythons(root, env),
	];
}

function pathPythons(root: string, env: Env): readonly string[] {
	return pathFolders(env, root).flatMap((folder) => [join(folder, `python3${EXE}`), join(folder, `python${EXE}`)]);
}

/** The interpreter of a virtual environment. */
export function pythonIn(environment: string): string {
	return join(environment, BIN, `python${EXE}`);
}

/** Null where there is nothing, or nothing that this user may look at. */
function statOf(path: string): Stats | null {
	try {
		return statSync(path, { throwIfNoEntry: false }) ?? null;
	} catch {
		return null;
	}
}

/** Whether a folder is a virtual environment. */
export function isEnvironment(folder: string): boolean {
	return statOf(join(folder, "pyvenv.cfg")) !== null;
}

/** Whether it is a file that may be run. */
export function isProgram(path: string): boolean {
	const found = statOf(path);
	return found?.isFile() === true && (WINDOWS || (found.mode & 0o111) !== 0);
}

function stampOf(path: string): string {
	const found = statOf(path);
	return found === null ? `${path} -` : `${path} ${found.mtimeMs} ${found.size} ${found.ino} ${found.mode}`;
}

interface Queried {
	readonly path: string;
	readonly version: string;
	readonly pytest: string | null;
	readonly hasRuffModule: boolean;
	readonly prefixes: readonly string[];
	readonly sites: readonly string[];
}

function parseQuery(answer: string): Queried | null {
	try {
		const value: unknown = JSON.parse(answer);
		if (typeof value !== "object" || value === null) return null;
		const { path, version, pytest, ruff, prefixes, sites }: Partial<Record<string, unknown>> = { ...value };
		if (typeof path !== "string" || typeof version !== "string" || !isTexts(prefixes) || !isTexts(sites)) return null;
		return {
			path,
			version,
			pytest: typeof pytest === "string" ? pytest : null,
			hasRuffModule: ruff === true,
			prefixes,
			sites,
		};
	} catch {
		return null;
	}
}

function isTexts(value: unknown): value is readonly string[] {
	return Array.isArray(value) && value.every((entry) => typeof entry === "string");
}
