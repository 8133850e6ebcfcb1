/** The person's settings as values, and word of their changes. Defaults stand in package.json alone. */
import { type Disposable, workspace } from "vscode";
import type { ApproveMode } from "../core/machine.ts";
import { TOOL_PROTOCOLS, type ToolProtocol } from "../core/model/conversation.ts";
import {
	DEFAULT_PROBE_SETTINGS,
	type ProbeSettings,
	type SandboxMode,
	type WorkersSetting,
} from "../core/probes/engine-messages.ts";
import { OWN_VALUE_ONLY, SECTION, SETTINGS } from "./ids.ts";

const MS_PER_SECOND = 1000;

export interface Settings {
	readonly model: string;
	/** Which server, and how it is talked to. */
	readonly server: ServerSettings;
	/** Load the model when the view opens. */
	readonly warmUp: boolean;
	readonly maxRounds: number;
	readonly maxMinutes: number;
	readonly approve: ApproveMode;
	readonly probeOnSave: boolean;
	readonly notify: "auto" | "always" | "never";
	readonly showRuffProblems: "auto" | "always" | "never";
	/** Folders to whose tests the person opened the network. */
	readonly networkFolders: readonly string[];
	readonly probes: ProbeSettings;
}

export interface ServerSettings {
	readonly server: string | null;
	readonly backend: "ollama" | "openai";
	readonly protocol: ToolProtocol | null;
	readonly contextLength: number | null;
	readonly keepAlive: string;
	readonly limits: {
		readonly connectMs: number;
		readonly firstByteMs: number;
		readonly idleMs: number;
		readonly totalMs: number;
	};
}

/** The settings of now. */
export function readSettings(): Settings {
	return {
		server: serverSettings(),
		warmUp: flag(SETTINGS.warmUp),
		model: text(SETTINGS.model) || "auto",
		maxRounds: number(SETTINGS.maxRounds, 12),
		maxMinutes: number(SETTINGS.maxMinutes, 20),
		approve: oneOf(SETTINGS.approve, ["ask", "edits", "all"] as const),
		probeOnSave: flag(SETTINGS.probeOnSave),
		notify: oneOf(SETTINGS.notify, ["auto", "always", "never"] as const),
		showRuffProblems: oneOf(SETTINGS.showRuffProblems, ["auto", "always", "never"] as const),
		networkFolders: texts(SETTINGS.networkFolders),
		probes: {
			...DEFAULT_PROBE_SETTINGS,
			pythonPath: text(SETTINGS.pythonPath) || null,
			ruffPath: text(SETTINGS.ruffPath) || null,
			ruffEnabled: flag(SETTINGS.ruffEnabled),
			pytestEnabled: flag(SETTINGS.pytestEnabled),
			cacheEnabled: flag(SETTINGS.cacheEnabled),
			parallel: flag(SETTINGS.parallel),
			lintChangedOnly: flag(SETTINGS.lintChangedOnly),
			affectedTests: flag(SETTINGS.affectedTests),
			residentLint: flag(SETTINGS.residentLint),
			defaultSelect: flag(SETTINGS.defaultSelect),
			skipPytestWithoutTests: flag(SETTINGS.skipPytestWithoutTests),
			pytestTimeoutMs:
				number(SETTINGS.pytestTimeout, DEFAULT_PROBE_SETTINGS.pytestTimeoutMs / MS_PER_SECOND) * MS_PER_SECOND,
			workers: oneOf<WorkersSetting>(SETTINGS.workers, ["off", "auto", "parked", "preloaded"]),
			memoryLimitMb:
				raw(SETTINGS.memoryLimit) === 0
					? null
					: number(SETTINGS.memoryLimit, DEFAULT_PROBE_SETTINGS.memoryLimitMb ?? 0),
			sandbox: oneOf<SandboxMode>(SETTINGS.sandbox, ["auto", "on", "off"]),
		},
	};
}

function serverSettings(): ServerSettings {
	const protocol = oneOf(SETTINGS.protocol, ["auto", ...TOOL_PROTOCOLS] as const);
	return {
		server: text(SETTINGS.server) || null,
		backend: oneOf(SETTINGS.backend, ["ollama", "openai"] as const),
		protocol: protocol === "auto" ? null : protocol,
		contextLength: number(SETTINGS.contextLength, 0) || null,
		keepAlive: text(SETTINGS.keepAlive) || "30m",
		limits: {
			connectMs: number(SETTINGS.connectSeconds, 3) * MS_PER_SECOND,
			firstByteMs: number(SETTINGS.loadSeconds, 600) * MS_PER_SECOND,
			idleMs: number(SETTINGS.idleSeconds, 120) * MS_PER_SECOND,
			totalMs: number(SETTINGS.totalSeconds, 1_200) * MS_PER_SECOND,
		},
	};
}

/** Calls when any of Jetbox's settings changed. */
export function onSettingsChanged(listener: () => void): Disposable {
	return workspace.onDidChangeConfiguration((event) => {
		if (event.affectsConfiguration(SECTION)) listener();
	});
}

function raw(key: string): unknown {
	const inspected = workspace.getConfiguration(SECTION).inspect(key);
	if (OWN_VALUE_ONLY.includes(key)) return inspected?.globalValue ?? inspected?.defaultValue;
	return workspace.getConfiguration(SECTION).get(key);
}

function text(key: string): string {
	const value = raw(key);
	return typeof value === "string" ? value.trim() : "";
}

function texts(key: string): readonly string[] {
	const value = raw(key);
	return Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];
}

function flag(key: string): boolean {
	return raw(key) !== false;
}

function number(key: string, fallback: number): number {
	const value = raw(key);
	return typeof value === "number" && Number.isFinite(value) && value >= 1 ? value : fallback;
}

/** The first of the allowed values is the careful one, so an unknown value means that. */
function oneOf<T extends string>(key: string, allowed: readonly [T, ...T[]]): T {
	return allowed.find((value) => value === raw(key)) ?? allowed[0];
}
