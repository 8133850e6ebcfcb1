/** The person's settings as values, and word of their changes. Defaults stand in package.json alone. */
import { type Disposable, Uri, workspace } from "vscode";
import { TOOL_PROTOCOLS, type ToolProtocol } from "../core/model/conversation.ts";
import {
	DEFAULT_PROBE_SETTINGS,
	type ProbeSettings,
	type SandboxMode,
	type WorkersSetting,
} from "../core/probes/engine-messages.ts";
import { BESIDE_MODEL, type BesideModel } from "../core/run-mode.ts";
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
 * The settings of now.
 * @param root absolute path of the folder whose own values count; null where none of those of the scope `resource` is asked for
 */
export function readSettings(root: string | null): Settings {
	const reader = settingsReader(root);
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
			defaultSelect: flag(SETTINGS.defaultSelect),
			skipPytestWithoutTests: flag(SETTINGS.skipPytestWithoutTests),
			pytestTimeoutMs:
				number(SETTINGS.pytestTimeout, DEFAULT_PROBE_SETTINGS.pytestTimeoutMs / MS_PER_SECOND) * MS_PER_SECOND,
			workers: oneOf<WorkersSetting>(SETTINGS.workers, ["off", "auto", "parked", "preloaded"]),
			memoryLimitMb:
				reader.raw(SETTINGS.memoryLimit) === 0
					? null
					: number(SETTINGS.memoryLimit, DEFAULT_PROBE_SETTINGS.memoryLimitMb ?? 0),
			twoWorkers: reader.raw(SETTINGS.twoWorkers) === true,
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

/** Everything that engines are started with, for all open folders: equal where they can go on. */
export function engineSettings(): string {
	const roots = (workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
	const each = roots.map((root) => {
		const { probes, networkFolders } = readSettings(root);
		return { root, probes, networkFolders };
	});
	return JSON.stringify(each);
}

/** Calls when any of Jetbox's settings changed. */
export function onSettingsChanged(listener: () => void): Disposable {
	return workspace.onDidChangeConfiguration((event) => {
		if (event.affectsConfiguration(SECTION)) listener();
	});
}

interface SettingsReader {
	raw(key: string): unknown;
	text(key: string): string;
	texts(key: string): readonly string[];
	flag(key: string): boolean;
	/** At least 1; otherwise the fallback. */
	number(key: string, fallback: number): number;
	/** The first of the allowed values is the careful one, so an unknown value means that. */
	oneOf<T extends string>(key: string, allowed: readonly [T, ...T[]]): T;
}

/** Asks the editor for its configuration once: each question costs the extension host time. */
function settingsReader(root: string | null): SettingsReader {
	const configuration = workspace.getConfiguration(SECTION, root === null ? null : Uri.file(root));
	const raw = (key: string): unknown => {
		if (!OWN_VALUE_ONLY.includes(key)) return configuration.get(key);
		const inspected = configuration.inspect(key);
		return inspected?.globalValue ?? inspected?.defaultValue;
	};
	return {
		raw,
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
			return typeof value === "number" && Number.isFinite(value) && value >= 1 ? value : fallback;
		},
		oneOf(key, allowed) {
			const value = raw(key);
			return allowed.find((known) => known === value) ?? allowed[0];
		},
	};
}
