/** bubblewrap around everything that can run workspace code, where it works. */
import {
	accessSync,
	constants,
	type Dirent,
	existsSync,
	lstatSync,
	readdirSync,
	readlinkSync,
	rmdirSync,
	statSync,
} from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { protectionOf } from "../../../core/policy/protected.ts";
import { type SandboxPlan, sandboxArguments } from "../../../core/policy/sandbox.ts";
import type { ProbeSettings, ToolState } from "../../../core/probes/engine-messages.ts";
import type { ProcessEnd } from "../processes/child-end.ts";
import { type Confine, unconfined } from "../processes/confine.ts";
import type { ProcessRunner } from "../processes/process-runner.ts";
import { isInside, pathFolders } from "../tools/program-paths.ts";
import { foldersToRead, type Interpreter } from "./sandbox-folders.ts";

export type Confinement =
	| { readonly kind: "ready"; readonly confine: (privateDir: string | null) => Confine }
	| { readonly kind: "refused"; readonly message: string; readonly fix: string };

export interface Sandbox {
	/**
	 * How to start a program that can run workspace code. `auto` without bubblewrap is refused: the person's consent makes it `off`.
	 * @param programs further programs whose folders must be readable
	 */
	confinement(python: Interpreter | null, signal: AbortSignal, programs?: readonly string[]): Promise<Confinement>;
	describe(signal: AbortSignal): Promise<ToolState>;
	/** Looks again at what tests may only read. Only while no code of the workspace runs: it could swap what is found for a link. */
	guardAnew(): void;
	/** Removes what mounting left in the workspace. */
	dispose(): void;
}

const SYSTEM = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/ssl", "/etc/alternatives", "/etc/localtime"];
const ACCOUNTS = [
	"/etc/passwd",
	"/etc/group",
	"/etc/hosts",
	"/etc/ld.so.cache",
	"/etc/nsswitch.conf",
	"/etc/mime.types",
];
const RESOLVER = ["/etc/resolv.conf", "/etc/ca-certificates", "/etc/pki"];
/** Missing ones are masked, so that a test cannot make what the editor would obey at once. */
const MASKED = [".vscode"];
const INSTALL =
	"Install bubblewrap (`apt install bubblewrap`) and allow user namespaces, or set jetbox.sandbox to off.";
const AGAIN = "Probe again: the machine may have been busy.";
const TRIAL_TIMEOUT_MS = 5_000;

/** How bubblewrap works here, or why it does not. */
type Trial =
	| { readonly works: true; readonly bwrap: string; readonly canCloseNamespaces: boolean }
	| { readonly works: false; readonly why: string; readonly fix: string };

export function createSandbox(parts: {
	readonly settings: Pick<ProbeSettings, "sandbox" | "allowNetwork">;
	readonly root: string;
	readonly workerPath: string;
	readonly runner: ProcessRunner;
	readonly probeEnv: Readonly<Record<string, string>>;
}): Sandbox {
	const { settings, root, workerPath, runner, probeEnv } = parts;
	const mode = settings.sandbox;
	const network = settings.allowNetwork;
	// Decided while no code of the workspace runs: what it makes can be swapped for a link between look and mount.
	let guarded = guardedEntries(root);
	const mountPoints = new Set<string>();
	/** Of the system; looked for once, since a run of tests waits meanwhile. */
	let ofSystem: readonly string[] | null = null;
	let trial: Trial | null = null;

	const planFor = (
		readable: readonly string[],
		privateDir: string | null,
		env: SandboxPlan["env"],
	): Omit<SandboxPlan, "canCloseNamespaces"> => {
		// Where nothing can be made, there is no mount point to make either, and nothing to mask.
		const paths = isMountedReadOnly(root) ? [] : MASKED.map((name) => join(root, name));
		const masked = paths.filter((path) => !existsSync(path) || mountPoints.has(path));
		const present = paths.filter((path) => !masked.includes(path));
		for (const path of masked) mountPoints.add(path);
		return { root, readOnly: [...guarded, ...present], masked, ...splitLinks(readable), privateDir, env, network };
	};
	const launcher =
		({ bwrap, canCloseNamespaces }: Extract<Trial, { works: true }>, readable: readonly string[]) =>
		(privateDir: string | null): Confine =>
		({ command, args, env }) => {
			const plan = { ...planFor(readable, privateDir, env), canCloseNamespaces };
			return { command: bwrap, args: [...sandboxArguments(plan), command, ...args], env: {} };
		};
	const tried = async (signal: AbortSignal): Promise<Trial> => {
		if (trial !== null) return trial;
		const problem = unsuitable(root);
		if (problem !== null) return { works: false, why: problem, fix: "Open the project's own folder." };
		if (process.platform !== "linux") return { works: false, why: "bubblewrap exists only on Linux", fix: INSTALL };
		const bwrap = findBwrap(root, probeEnv);
		if (bwrap === null) return { works: false, why: "bubblewrap is not installed", fix: INSTALL };
		for (const canCloseNamespaces of [true, false]) {
			const found: Trial = { works: true, bwrap, canCloseNamespaces };
			const launch = launcher(found, existing(SYSTEM))(null)({ command: "/usr/bin/true", args: [], env: {} });
			const limits = { timeoutMs: TRIAL_TIMEOUT_MS, maxOutputBytes: 4_096 };
			const { end } = await runner.run({ ...launch, cwd: "/", ...limits }, signal);
			signal.throwIfAborted();
			if (end.kind !== "exited") return { works: false, why: failureWords(end), fix: AGAIN };
			if (end.code === 0) {
				trial = found;
				return found;
			}
		}
		return { works: false, why: "bubblewrap does not work here (user namespaces are closed)", fix: INSTALL };
	};
	return {
		guardAnew() {
			guarded = guardedEntries(root);
		},
		async confinement(python, signal, programs = []) {
			if (mode === "off") return { kind: "ready", confine: () => unconfined };
			const found = await tried(signal);
			if (!found.works) {
				const allowed = mode === "on" ? "the sandbox is required" : "you have not allowed tests without a sandbox";
				return { kind: "refused", message: `${allowed}, and there is none: ${found.why}`, fix: found.fix };
			}
			const needed = foldersToRead(root, python, [...programs, workerPath]);
			ofSystem ??= existing([...SYSTEM, ...ACCOUNTS, ...(network ? RESOLVER : [])]);
			return { kind: "ready", confine: launcher(found, [...new Set([...ofSystem, ...existing(needed)])]) };
		},
		async describe(signal) {
			if (mode === "off") {
				const detail = "off: tests run with your rights, with your files and the network in reach";
				return { tool: "sandbox", state: "missing", detail, fix: "Set jetbox.sandbox to auto." };
			}
			const found = await tried(signal);
			if (!found.works) {
				return { tool: "sandbox", state: "missing", detail: `${found.why}: nothing confines tests`, fix: found.fix };
			}
			const reach = network ? "the network is open (you allowed it for this folder)" : "no network";
			return { tool: "sandbox", state: "ok", detail: `bubblewrap: ${reach}, no home, .git read-only`, fix: "" };
		},
		dispose() {
			for (const path of mountPoints) {
				try {
					rmdirSync(path);
				} catch {
					// Gone, or somebody uses it by now.
				}
			}
		},
	};
}

/** Unlike a folder that is closed by its mode, such a one is not opened from within the sandbox. */
function isMountedReadOnly(folder: string): boolean {
	try {
		accessSync(folder, constants.W_OK);
		return false;
	} catch (error) {
		return error instanceof Error && "code" in error && error.code === "EROFS";
	}
}

/**
 * What at the workspace's top stays read-only: version control, environments, and files that run or decide by themselves.
 * Only what really lies there: a link would be mounted as what it points to.
 */
function guardedEntries(root: string): readonly string[] {
	return entriesOf(root)
		.filter((entry) => !MASKED.includes(entry.name) && (entry.isDirectory() || entry.isFile()))
		.filter((entry) => {
			if (entry.isFile()) return protectionOf(entry.name) !== "none";
			return protectionOf(`${entry.name}/x`) !== "none" || existsSync(join(root, entry.name, "pyvenv.cfg"));
		})
		.map((entry) => join(root, entry.name));
}

/** Why no sandbox can hold this folder, in words; null where it can. */
function unsuitable(root: string): string | null {
	if (isInside(root, homedir())) return `${root} holds your home folder, which tests could then read`;
	for (const name of [".git", ...MASKED]) {
		if (lstatSync(join(root, name), { throwIfNoEntry: false })?.isSymbolicLink() === true)
			return `${name} is a link, which cannot be made read-only`;
	}
	return null;
}

/** What says nothing of how bubblewrap works here: it may go well the next time. */
function failureWords(end: Exclude<ProcessEnd, { kind: "exited" }>): string {
	if (end.kind === "not-started") return `bubblewrap could not be started: ${end.message}`;
	if (end.kind === "signalled") return `bubblewrap was ended by ${end.signal}`;
	return `bubblewrap did not answer within ${TRIAL_TIMEOUT_MS / 1000} s`;
}

function findBwrap(root: string, env: Readonly<Record<string, string>>): string | null {
	const candidates = ["/usr/bin", ...pathFolders(env, root)].map((folder) => join(folder, "bwrap"));
	return candidates.find((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true) ?? null;
}

function entriesOf(folder: string): readonly Dirent[] {
	try {
		return readdirSync(folder, { withFileTypes: true });
	} catch {
		return [];
	}
}

function existing(paths: readonly string[]): readonly string[] {
	return paths.filter((path) => existsSync(path));
}

/** Top-level links such as /lib -> usr/lib become links again; everything else is mounted. */
function splitLinks(paths: readonly string[]) {
	const isTopLink = (path: string) => dirname(path) === "/" && lstatSync(path).isSymbolicLink();
	return {
		links: paths.filter(isTopLink).map((from) => ({ from, to: readlinkSync(from) })),
		readable: paths.filter((path) => !isTopLink(path)),
	};
}
