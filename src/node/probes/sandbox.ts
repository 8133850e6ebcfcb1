/** bubblewrap around the probes, where it works. */
import { existsSync, lstatSync, readlinkSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { sandboxArguments } from "../../core/policy/sandbox.ts";
import type { SandboxMode, ToolState } from "../../core/probes/engine-messages.ts";
import { type Confine, unconfined } from "./confine.ts";
import type { PythonInfo } from "./interpreter.ts";
import type { ProcessRunner } from "./process-runner.ts";

export type Confinement =
	| { readonly kind: "ready"; readonly confine: (privateDir: string | null) => Confine }
	| { readonly kind: "refused"; readonly message: string; readonly fix: string };

export interface Sandbox {
	/** How to start a probe. @param programs further programs whose folders must be readable */
	confinement(python: PythonInfo | null, signal: AbortSignal, programs?: readonly string[]): Promise<Confinement>;
	describe(signal: AbortSignal): Promise<ToolState>;
}

const BWRAP = "/usr/bin/bwrap";
const SYSTEM = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/ssl", "/etc/alternatives", "/etc/localtime"];
const ACCOUNTS = ["/etc/passwd", "/etc/group", "/etc/ld.so.cache", "/etc/nsswitch.conf", "/etc/mime.types"];
const INSTALL =
	"Install bubblewrap (`apt install bubblewrap`) and allow user namespaces, or set jetbox.sandbox to off.";
const TRIAL_TIMEOUT_MS = 5_000;

export function createSandbox(parts: {
	readonly mode: SandboxMode;
	readonly root: string;
	readonly reporterPath: string;
	readonly runner: ProcessRunner;
	readonly probeEnv: Readonly<Record<string, string>>;
}): Sandbox {
	const { mode, root, reporterPath, runner } = parts;
	let works: boolean | null = null;

	const confineWith =
		(readable: readonly string[]) =>
		(privateDir: string | null): Confine =>
		({ command, args, env }) => {
			const readOnly = [join(root, ".git")].filter((path) => existsSync(path));
			const plan = { root, readOnly, ...splitLinks(readable), privateDir, env };
			return { command: BWRAP, args: [...sandboxArguments(plan), command, ...args], env: {} };
		};
	const available = async (signal: AbortSignal): Promise<boolean> => {
		if (works !== null) return works;
		if (process.platform !== "linux" || !existsSync(BWRAP)) return false;
		const launch = confineWith(existing(SYSTEM))(null)({ command: "/usr/bin/true", args: [], env: {} });
		const result = await runner.run(
			{ ...launch, cwd: root, timeoutMs: TRIAL_TIMEOUT_MS, maxOutputBytes: 4_096 },
			signal,
		);
		signal.throwIfAborted();
		works = result.end.kind === "exited" && result.end.code === 0;
		return works;
	};
	return {
		async confinement(python, signal, programs = []) {
			if (mode === "off") return { kind: "ready", confine: () => unconfined };
			if (await available(signal)) {
				const needed = [...(python === null ? [] : [python.path]), ...programs, reporterPath];
				const folders = needed.flatMap((path) => [dirname(path), dirname(realpathSync(path))]);
				const wanted = [...SYSTEM, ...ACCOUNTS, ...(python?.prefixes ?? []), ...folders];
				return { kind: "ready", confine: confineWith(existing(wanted)) };
			}
			if (mode === "auto") return { kind: "ready", confine: () => unconfined };
			return { kind: "refused", message: "the sandbox is required, but bubblewrap does not work here", fix: INSTALL };
		},
		async describe(signal) {
			if (mode === "off")
				return { tool: "sandbox", state: "missing", detail: "switched off", fix: "Set jetbox.sandbox to auto." };
			return (await available(signal))
				? { tool: "sandbox", state: "ok", detail: "bubblewrap: no network, no home, .git read-only", fix: "" }
				: {
						tool: "sandbox",
						state: "missing",
						detail: "bubblewrap does not work here: tests run unconfined",
						fix: INSTALL,
					};
		},
	};
}

function existing(paths: readonly string[]): readonly string[] {
	return [...new Set(paths)].filter((path) => existsSync(path));
}

/** Top-level links such as /lib -> usr/lib become links again; everything else is mounted. */
function splitLinks(paths: readonly string[]) {
	const isTopLink = (path: string) => dirname(path) === "/" && lstatSync(path).isSymbolicLink();
	return {
		links: paths.filter(isTopLink).map((from) => ({ from, to: readlinkSync(from) })),
		readable: paths.filter((path) => !isTopLink(path)),
	};
}
