/** What an OpenAI-compatible server offers: models and their context lengths, as far as it says. */

import { isAbort, UserError } from "../../core/errors.ts";
import { isRecord } from "../../core/json-record.ts";
import type { ModelInfo, ServerState } from "../../core/machine.ts";
import { DEFAULT_LIMITS } from "../model-http/exchange.ts";
import { toUserError } from "../model-http/model-errors.ts";
import { getJson, type OpenAiServer } from "./requests.ts";

const KINDS = ["unreachable", "not-ollama", "unauthorized"] as const;
const QUICK = { ...DEFAULT_LIMITS, firstByteMs: 10_000, idleMs: 10_000, totalMs: 20_000 };

export interface Offered {
	readonly models: readonly ModelInfo[];
	/** `llama-server` where its own routes answer; its answers have figures that others lack. */
	readonly kind: "llama-server" | "other";
}

/** @throws StatusError, TransportError */
export async function listOffered(server: OpenAiServer, signal: AbortSignal): Promise<Offered> {
	const [listed, props] = await Promise.all([
		getJson(server, "/v1/models", QUICK, signal),
		// llama-server's own route; others answer with an error or something else.
		getJson(server, "/props", QUICK, signal).catch((error: unknown) => {
			if (isAbort(error)) throw error;
			return {} as Fields;
		}),
	]);
	const entries = listed["data"];
	if (!Array.isArray(entries))
		throw new UserError(
			"not-ollama",
			`${server.url} answers, but not as an OpenAI-compatible server.`,
			"Check the server's address (jetbox.server or --server) and jetbox.backend.",
		);
	const window = number(fieldsOf(props["default_generation_settings"])["n_ctx"]);
	const takesTools = fieldsOf(props["chat_template_caps"])["supports_tools"] !== false;
	return {
		kind: window === null ? "other" : "llama-server",
		models: entries.flatMap((entry: unknown) => {
			const fields = fieldsOf(entry);
			return typeof fields["id"] === "string" ? [modelOf(fields["id"], fields, { window, takesTools })] : [];
		}),
	};
}

/** A server that fails is a state, not an exception. @throws AbortError */
export async function describeOpenAiServer(server: OpenAiServer, signal: AbortSignal): Promise<ServerState<ModelInfo>> {
	try {
		const { models, kind } = await listOffered(server, signal);
		const version = kind === "llama-server" ? "llama-server" : "OpenAI-compatible";
		return { kind: "ok", server: server.url, version, models };
	} catch (error) {
		if (isAbort(error)) throw error;
		const known = toUserError(error, { server: server.url, model: "", backend: "openai" });
		if (!(known instanceof UserError)) throw known;
		const named = KINDS.find((candidate) => candidate === known.kind);
		const other = known.kind === "busy" ? "loading" : known.kind === "protocol" ? "not-ollama" : "refused";
		const kind = named ?? other;
		return { kind, server: server.url, message: known.message, fix: known.fix };
	}
}

/** vLLM says `max_model_len`, llama-server `meta` and, for the window that it was started with, `/props`. */
function modelOf(
	name: string,
	fields: Fields,
	{ window, takesTools }: { readonly window: number | null; readonly takesTools: boolean },
): ModelInfo {
	const meta = fieldsOf(fields["meta"]);
	const parameters = number(meta["n_params"]);
	return {
		name,
		sizeBytes: number(meta["size"]) ?? 0,
		parameterSize: parameters === null ? "" : `${(parameters / 1e9).toFixed(1)}B`,
		quantization: typeof meta["ftype"] === "string" ? meta["ftype"] : "",
		contextLength: window ?? number(fields["max_model_len"]) ?? number(meta["n_ctx_train"]),
		claimsTools: takesTools,
		claimsThinking: false,
		hidesTools: false,
		continuesAnswers: false,
		// Such a server names none; what it serves under a name stays the same as a rule.
		digest: `served ${name} ${number(meta["size"]) ?? ""}`,
		bytesPerToken: null,
		loaded: true,
	};
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields {
	return isRecord(value) ? value : {};
}

function number(value: unknown): number | null {
	return typeof value === "number" && Number.isFinite(value) && value > 0 ? value : null;
}
