/** Settings as values, whatever stands in their place. Defaults stand in package.json; what is said here is for what is no value. */
import { TOOL_PROTOCOLS, type ToolProtocol } from "../core/model/conversation.ts";
import {
	DEFAULT_PROBE_SETTINGS,
	type ProbeSettings,
	type SandboxMode,
	type WorkersSetting,
} from "../core/probes/engine-messages.ts";
import { BESIDE_MODEL, type BesideModel } from "../core/run-mode.ts";
import { SETTINGS } from "./ids.ts";

const MS_PER_SECOND = 1000;
/** The highest value of each number, as in package.json: a timer of more than 2^31 ms fires at once. */
export const HIGHEST = {
	[SETTINGS.maxRounds]: 1_000,
	[SETTINGS.maxMinutes]: 1_440,
	[SETTINGS.pytestTimeout]: 3_600,
	[SETTINGS.memoryLimit]: 1_048_576,
	[SETTINGS.contextLength]: 1_048_576,
	[SETTINGS.connectSeconds]: 600,
	[SETTINGS.loadSeconds]: 86_400,
	[SETTINGS.idleSeconds]: 86_400,
	[SETTINGS.totalSeconds]: 86_400,
} as const;

export interface Settings {
	readonly model: string;
	/** Which server, and how it is talked to. */
	readonly server: ServerSettings;
	/** Load the model when the view opens. */
	readonly warmUp: boolean;
	readonly maxRounds: number;
	readonly maxMinutes: number;
	/** `review`: edits go through as with `edits`, and are shown together at the end. */
	readonly approve: "ask" | "review" | "edits";
	readonly besideModel: BesideModel;
	readonly probeOnSave: boolean;
	readonly notify: "auto" | "always" | "never";
	readonly showRuffProblems: "auto" | "always" | "never";
	/** Which of Jetbox's tools the editor's own chat may call. */
	readonly chatTools: "off" | "probe" | "run";
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

/**
 * Any value of a setting as one that the loop can use: the editor warns of a wrong one, and hands it on all the same. Never throws.
 * @param raw what the editor has of a key below the section
 */
export function settingsOf(raw: (key: string) => unknown): Settings {
	const reader = settingsReader(raw);
	const { text, texts, flag, number, oneOf } = reader;
	return {
		server: serverSettings(reader),
		warmUp: flag(SETTINGS.warmUp),
		model: text(SETTINGS.model) || "auto",
		maxRounds: number(SETTINGS.maxRounds, 12),
		maxMinutes: number(SETTINGS.maxMinutes, 20),
		approve: oneOf(SETTINGS.approve, ["ask", "review", "edits"] as const),
		besideModel: oneOf(SETTINGS.besideModel, BESIDE_MODEL),
		probeOnSave: flag(SETTINGS.probeOnSave),
		notify: oneOf(SETTINGS.notify, ["auto", "always", "never"] as const),
		showRuffProblems: oneOf(SETTINGS.showRuffProblems, ["auto", "always", "never"] as const),
		chatTools: oneOf(SETTINGS.chatTools, ["off", "probe", "run"] as const),
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
			safeFixes: flag(SETTINGS.safeFixes),
			unsafeFixes: flag(SETTINGS.unsafeFixes),
			defaultSelect: flag(SETTINGS.defaultSelect),
			skipPytestWithoutTests: flag(SETTINGS.skipPytestWithoutTests),
			pytestTimeoutMs:
				number(SETTINGS.pytestTimeout, DEFAULT_PROBE_SETTINGS.pytestTimeoutMs / MS_PER_SECOND) * MS_PER_SECOND,
			workers: oneOf<WorkersSetting>(SETTINGS.workers, ["off", "auto", "parked", "preloaded"]),
			memoryLimitMb:
				raw(SETTINGS.memoryLimit) === 0
					? null
					: number(SETTINGS.memoryLimit, DEFAULT_PROBE_SETTINGS.memoryLimitMb ?? 0),
			twoWorkers: raw(SETTINGS.twoWorkers) === true,
			adaptiveTimeout: flag(SETTINGS.adaptiveTimeout),
			sandbox: oneOf<SandboxMode>(SETTINGS.sandbox, ["auto", "on", "off"]),
		},
	};
}

function serverSettings({ text, number, oneOf }: SettingsReader): ServerSettings {
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

interface SettingsReader {
	text(key: string): string;
	texts(key: string): readonly string[];
	flag(key: string): boolean;
	/** A whole number from 1 to the setting's highest; the fallback for what is less, or no number. */
	number(key: keyof typeof HIGHEST, fallback: number): number;
	/** The first of the allowed values is the careful one, so an unknown value means that. */
	oneOf<T extends string>(key: string, allowed: readonly [T, ...T[]]): T;
}

function settingsReader(raw: (key: string) => unknown): SettingsReader {
	return {
		text(key) {
			const value = raw(key);
			return typeof value === "string" ? value.trim() : "";
		},
		texts(key) {
			const value = raw(key);
			return Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];
		},
		flag: (key) => raw(key) !== false,
		number(key, fallback) {
			const value = raw(key);
			const isUsable = typeof value === "number" && value >= 1;
			return isUsable ? Math.min(Math.floor(value), HIGHEST[key]) : fallback;
		},
		oneOf(key, allowed) {
			const value = raw(key);
			return allowed.find((known) => known === value) ?? allowed[0];
		},
	};
}
