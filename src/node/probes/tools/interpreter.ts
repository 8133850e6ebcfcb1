/** Which Python and which ruff judge a workspace. A program of the workspace itself runs only from a virtual environment. */
import { dirname, isAbsolute, join } from "node:path";
import type { ProbeSettings } from "../../../core/probes/engine-messages.ts";
import type { ProcessRunner } from "../processes/process-runner.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { type PackagePlaces, packagePlaces, packagesStamp, stampOf, statOf } from "./package-stamps.ts";
import { createProgramAsker } from "./program-asker.ts";
import { isInside, pathFolders } from "./program-paths.ts";
import { parsePythonAnswer, pythonQuery, type QueriedPython } from "./python-query.ts";

export interface PythonInfo extends Omit<QueriedPython, "sites" | "editable"> {
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
	/** Which chosen interpreters and environments of the workspace were passed over, and why; for people. */
	readonly passedOver: readonly string[];
}

export interface ToolchainFinder {
	find(signal: AbortSignal): Promise<Toolchain>;
}

type Env = Readonly<Record<string, string | undefined>>;

const WINDOWS = process.platform === "win32";
const BIN = WINDOWS ? "Scripts" : "bin";
const EXE = WINDOWS ? ".exe" : "";

/** Runs ruff's module without the working folder on the import path; -P would do, but only from Python 3.11 on. */
const RUFF_MODULE =
	"import sys; sys.path[:] = [p for p in sys.path if p]; import runpy; runpy.run_module('ruff', run_name='__main__')";

/** Remembers its answer until an interpreter, its packages or a ruff change on disk. */
export function createToolchainFinder(parts: {
	readonly root: string;
	readonly settings: Pick<ProbeSettings, "pythonPath" | "ruffPath" | "sandbox">;
	readonly runner: ProcessRunner;
	readonly sandbox: Sandbox;
	readonly env: Env;
	readonly probeEnv: Readonly<Record<string, string>>;
}): ToolchainFinder {
	const { root, settings, env } = parts;
	const { ask } = createProgramAsker(parts);
	let known: { readonly stamp: string; readonly toolchain: Toolchain; readonly watched: Watched } | null = null;

	const findPython = async (signal: AbortSignal): Promise<Found<QueriedPython>> => {
		const passedOver: string[] = [];
		let isLasting = true;
		const chosen = settings.pythonPath === null ? environmentPythons(root, env) : [settings.pythonPath];
		for (const candidate of pythonCandidates(root, settings.pythonPath, env)) {
			const asked = isProgram(candidate)
				? await ask(candidate, pythonQuery(settings.sandbox !== "off"), signal)
				: ({ kind: "failed", why: "is no program that can be run" } as const);
			const python = asked.kind === "answered" ? parsePythonAnswer(asked.text) : null;
			if (python !== null) return { tool: python, isLasting, passedOver };
			if (asked.kind === "passing" || asked.kind === "refused") isLasting = false;
			if (!chosen.includes(candidate)) continue;
			passedOver.push(`${candidate} ${asked.kind === "answered" ? "gave no answer that can be read" : asked.why}`);
			// A chosen interpreter that does not run is an error to show; of one that may run the next moment, no other can take the place.
			if (settings.pythonPath !== null || asked.kind === "passing") return { tool: null, isLasting, passedOver };
		}
		return { tool: null, isLasting, passedOver };
	};
	const findRuff = async (python: QueriedPython | null, signal: AbortSignal): Promise<Found<RuffCommand>> => {
		const beside = python === null ? [] : [join(dirname(python.path), `ruff${EXE}`)];
		const onPath = pathFolders(env, root).map((folder) => join(folder, `ruff${EXE}`));
		const module = python?.hasRuffModule === true ? [{ command: python.path, args: ["-E", "-c", RUFF_MODULE] }] : [];
		const plain = (paths: readonly string[]) => paths.filter(isProgram).map((command) => ({ command, args: [] }));
		const choices =
			settings.ruffPath === null ? [...plain(beside), ...module, ...plain(onPath)] : plain([settings.ruffPath]);
		let isLasting = true;
		for (const { command, args } of choices) {
			const asked = await ask(command, [...args, "--version"], signal);
			if (asked.kind === "passing" || asked.kind === "refused") isLasting = false;
			const version = asked.kind === "answered" ? asked.text.match(/\bruff (\S+)/)?.[1] : undefined;
			if (version === undefined) continue;
			const tool = { command, args, version, fingerprint: `${stampOf(command)} ${version}` };
			return { tool, isLasting, passedOver: [] };
		}
		return { tool: null, isLasting, passedOver: [] };
	};
	return {
		async find(signal) {
			if (known !== null && known.stamp === stampOfAll(known.watched)) return known.toolchain;
			const { tool: python, ...search } = await findPython(signal);
			const { tool: ruff, isLasting } = await findRuff(python, signal);
			const packages = python === null ? NO_PACKAGES : packagePlaces(root, python);
			const watched: Watched = {
				packages,
				programs: [
					...pythonCandidates(root, settings.pythonPath, env),
					...(python === null ? [] : [join(dirname(python.path), `ruff${EXE}`)]),
					...(ruff === null ? pathFolders(env, root).map((folder) => join(folder, `ruff${EXE}`)) : [ruff.command]),
					...(settings.ruffPath === null ? [] : [settings.ruffPath]),
				],
			};
			const toolchain: Toolchain = {
				python: python === null ? null : infoOf(python, packages),
				ruff,
				passedOver: search.passedOver,
			};
			known = search.isLasting && isLasting ? { stamp: stampOfAll(watched), toolchain, watched } : null;
			return toolchain;
		},
	};
}

interface Found<T> {
	readonly tool: T | null;
	/** Whether it is the same as long as nothing moves on disk. */
	readonly isLasting: boolean;
	readonly passedOver: readonly string[];
}

interface Watched {
	readonly programs: readonly string[];
	readonly packages: PackagePlaces;
}

const NO_PACKAGES: PackagePlaces = { installed: [], inPlace: [] };

function stampOfAll({ programs, packages }: Watched): string {
	return [...programs.map(stampOf), packagesStamp(packages)].join("\n");
}

function infoOf({ sites, editable, ...python }: QueriedPython, packages: PackagePlaces): PythonInfo {
	const { path, version } = python;
	return { ...python, fingerprint: `${path} ${version} ${stampOf(path)} ${packagesStamp(packages)}` };
}

/** In order: the setting alone; else VIRTUAL_ENV, .venv, venv, CONDA_PREFIX, PATH. */
export function pythonCandidates(root: string, setting: string | null, env: Env): readonly string[] {
	if (setting !== null) return [setting];
	const conda = env["CONDA_PREFIX"];
	return [
		...environmentPythons(root, env),
		...(conda !== undefined && isAbsolute(conda) && !isInside(root, conda)
			? WINDOWS
				? [join(conda, "python.exe")]
				: [pythonIn(conda)]
			: []),
		...pathPythons(root, env),
	];
}

/** Of virtual environments that somebody made for this workspace, or has entered. */
function environmentPythons(root: string, env: Env): readonly string[] {
	const folders = [env["VIRTUAL_ENV"], join(root, ".venv"), join(root, "venv")].filter(
		(folder) => folder !== undefined && isAbsolute(folder) && isEnvironment(folder),
	);
	return [...new Set(folders)].flatMap((folder) => (folder === undefined ? [] : [pythonIn(folder)]));
}

function pathPythons(root: string, env: Env): readonly string[] {
	return pathFolders(env, root).flatMap((folder) => [join(folder, `python3${EXE}`), join(folder, `python${EXE}`)]);
}

/** The interpreter of a virtual environment. */
export function pythonIn(environment: string): string {
	return join(environment, BIN, `python${EXE}`);
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
