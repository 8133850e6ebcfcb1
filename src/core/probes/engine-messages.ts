/** Between a host (extension, CLI) and the engine process: JSON objects over the child's IPC channel. Both sides check `ENGINE_PROTOCOL`. */
import type { LintFix, ProbeProgress, ProbeRequest, SyntaxProblem } from "../ports.ts";
import type { ProbeAnswer } from "./answer.ts";

export const ENGINE_PROTOCOL = 5;

/** The fastest form that test runs may take: copies of a ready process, that process itself, an interpreter with pytest loaded, a new one. */
export type WorkersSetting = "auto" | "parked" | "preloaded" | "off";

export type SandboxMode = "auto" | "on" | "off";

/** What the probes may be told; a repository chooses none of these. */
export interface ProbeSettings {
	/** Absolute path of the interpreter, or null for discovery. */
	readonly pythonPath: string | null;
	/** Absolute path of ruff, or null for discovery. */
	readonly ruffPath: string | null;
	readonly ruffEnabled: boolean;
	readonly pytestEnabled: boolean;
	/** The result cache, keyed by content. */
	readonly cacheEnabled: boolean;
	/** ruff and pytest at the same time. */
	readonly parallel: boolean;
	/** Lint only what changed between the first and the last probe. */
	readonly lintChangedOnly: boolean;
	/** Between full runs, only the tests that a change can have touched. */
	readonly affectedTests: boolean;
	/** Lint changed files by a resident `ruff server`. */
	readonly residentLint: boolean;
	/** ruff's safe fixes before a model call is spent on them. */
	readonly safeFixes: boolean;
	/** What ruff calls unsafe, where lint is all that is left and tests can judge it. */
	readonly unsafeFixes: boolean;
	/** `--select E,F` where the project has no ruff configuration of its own. */
	readonly defaultSelect: boolean;
	readonly skipPytestWithoutTests: boolean;
	readonly pytestTimeoutMs: number;
	/** Less than that, by what the whole suite last took. */
	readonly adaptiveTimeout: boolean;
	/** Two processes share the files of a whole run. */
	readonly twoWorkers: boolean;
	readonly ruffTimeoutMs: number;
	readonly workers: WorkersSetting;
	/** What ruff and one process of the tests may take, or null for all there is. */
	readonly memoryLimitMb: number | null;
	readonly maxOutputBytes: number;
	readonly sandbox: SandboxMode;
	/** Whether the sandbox leaves the network open: the person's choice for this folder. */
	readonly allowNetwork: boolean;
}

export const DEFAULT_PROBE_SETTINGS: ProbeSettings = {
	pythonPath: null,
	ruffPath: null,
	ruffEnabled: true,
	pytestEnabled: true,
	cacheEnabled: true,
	parallel: true,
	lintChangedOnly: true,
	affectedTests: true,
	residentLint: true,
	safeFixes: true,
	unsafeFixes: true,
	defaultSelect: true,
	skipPytestWithoutTests: true,
	pytestTimeoutMs: 120_000,
	adaptiveTimeout: true,
	twoWorkers: false,
	ruffTimeoutMs: 30_000,
	workers: "auto",
	memoryLimitMb: 4_096,
	maxOutputBytes: 16 * 1024 * 1024,
	sandbox: "auto",
	allowNetwork: false,
};

/** One line of Check Setup. */
export interface ToolState {
	readonly tool: "python" | "ruff" | "pytest" | "workers" | "sandbox";
	readonly state: "ok" | "missing" | "unusable";
	/** Version, path, or why not. */
	readonly detail: string;
	/** The next step; empty where the state is ok. */
	readonly fix: string;
}

export type ToEngine =
	| {
			readonly type: "configure";
			readonly protocol: number;
			readonly root: string;
			readonly settings: ProbeSettings;
			/** Where answers outlast the session, outside of every workspace; null: nowhere. */
			readonly answersFolder: string | null;
	  }
	| { readonly type: "probe"; readonly id: number; readonly request: ProbeRequest }
	| { readonly type: "check-syntax"; readonly id: number; readonly file: string; readonly text: string }
	| { readonly type: "fix-lint"; readonly id: number; readonly fix: LintFix }
	| { readonly type: "describe"; readonly id: number }
	| { readonly type: "cancel"; readonly id: number };

export type FromEngine =
	| { readonly type: "ready"; readonly protocol: number; readonly pid: number }
	| { readonly type: "progress"; readonly id: number; readonly progress: ProbeProgress }
	| { readonly type: "answer"; readonly id: number; readonly answer: ProbeAnswer }
	| { readonly type: "syntax"; readonly id: number; readonly problem: SyntaxProblem | null }
	| { readonly type: "fixed"; readonly id: number; readonly text: string | null }
	| { readonly type: "tools"; readonly id: number; readonly tools: readonly ToolState[] }
	| { readonly type: "cancelled"; readonly id: number }
	| { readonly type: "failed"; readonly id: number; readonly kind: "workspace-gone" | "bug"; readonly message: string };
