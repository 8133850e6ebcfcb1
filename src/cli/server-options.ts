/** The options about the model server, the same for every command that talks to one. */
import { UserError } from "../core/errors.ts";
import { TOOL_PROTOCOLS, type ToolProtocol } from "../core/model/conversation.ts";

const BACKENDS = ["ollama", "openai"] as const;
const PROTOCOLS = ["auto", ...TOOL_PROTOCOLS] as const;
const MIN_CONTEXT = 1_024;
const MAX_CONTEXT = 1_048_576;

export interface ServerChoices {
	readonly server: string | null;
	readonly backend: (typeof BACKENDS)[number];
	/** Null: by the model's self-test. */
	readonly protocol: ToolProtocol | null;
	/** Tokens; null: by the rule. */
	readonly contextLength: number | null;
	/** Name of the environment variable that holds the server's API key. */
	readonly apiKeyEnv: string | null;
	readonly allowRemote: boolean;
}

/** For parseArgs. */
export const SERVER_OPTIONS = {
	server: { type: "string" },
	backend: { type: "string" },
	protocol: { type: "string" },
	context: { type: "string" },
	"api-key-env": { type: "string" },
	"allow-remote": { type: "boolean" },
} as const;

/** @throws UserError `usage` */
export function parseServerChoices(values: Readonly<Record<string, unknown>>): ServerChoices {
	const protocol = oneOf("--protocol", values["protocol"] ?? "auto", PROTOCOLS);
	return {
		server: text(values["server"]),
		backend: oneOf("--backend", values["backend"] ?? "ollama", BACKENDS),
		protocol: protocol === "auto" ? null : protocol,
		contextLength: contextOf(text(values["context"])),
		apiKeyEnv: text(values["api-key-env"]),
		allowRemote: values["allow-remote"] === true,
	};
}

/**
 * The key in the variable that the person named; no other variable is ever read for one (threats A68).
 * @throws UserError `usage` where the variable is not set
 */
export function apiKeyOf(env: Readonly<Record<string, string | undefined>>, name: string | null): string | null {
	if (name === null) return null;
	const key = env[name]?.trim() ?? "";
	if (key === "") throw usage(`--api-key-env names ${name}, which is not set in the environment.`);
	return key;
}

function contextOf(value: string | null): number | null {
	if (value === null || value === "auto") return null;
	const tokens = Number(value);
	if (!Number.isInteger(tokens) || tokens < MIN_CONTEXT || tokens > MAX_CONTEXT) {
		throw usage(
			`--context takes auto, or a number of tokens from ${MIN_CONTEXT} to ${MAX_CONTEXT}; "${value}" is none.`,
		);
	}
	return tokens;
}

function oneOf<T extends string>(option: string, value: unknown, allowed: readonly T[]): T {
	const found = allowed.find((candidate) => candidate === value);
	if (found === undefined) throw usage(`${option} takes ${allowed.join(", ")}; "${value}" is none of them.`);
	return found;
}

function text(value: unknown): string | null {
	return typeof value === "string" ? value : null;
}

function usage(message: string): UserError {
	return new UserError("usage", message, "See jetbox --help.");
}
