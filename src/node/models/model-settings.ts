/** What the person chose about model servers. */
import type { ToolProtocol } from "../../core/model/conversation.ts";
import type { TransportLimits } from "../model-http/exchange.ts";
import { DEFAULT_KEEP_ALIVE } from "../ollama/chat-model.ts";

export type Backend = "ollama" | "openai";

export interface ModelSettings {
	/** URL or OLLAMA_HOST form; null: OLLAMA_HOST, else the default port. */
	readonly server: string | null;
	readonly backend: Backend;
	/** Null: by the model's self-test. */
	readonly protocol: ToolProtocol | null;
	/** Tokens of context; null: by the rule. */
	readonly contextLength: number | null;
	/** How long Ollama keeps a model after a call, in its own words. */
	readonly keepAlive: string;
	readonly limits: Partial<TransportLimits>;
	/** Another server than this machine's is allowed for this once. */
	readonly allowRemote: boolean;
	/** For a server that wants one, or null; asked for at each use and kept nowhere. */
	apiKey(server: string): Promise<string | null>;
}

/** What holds where nothing else is said. */
export const DEFAULT_MODEL_SETTINGS: ModelSettings = {
	server: null,
	backend: "ollama",
	protocol: null,
	contextLength: null,
	keepAlive: DEFAULT_KEEP_ALIVE,
	limits: {},
	allowRemote: false,
	apiKey: async () => null,
};
