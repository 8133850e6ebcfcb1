/** Which server is meant, whether it answers, and what it has installed. */
import { Ollama } from "ollama";
import { isAbort, UserError } from "../../core/errors.ts";
import type { ModelInfo, ServerState } from "../../core/machine.ts";
import { continuesAnswers, hidesToolsAfterResults } from "../../core/model/template.ts";
import { DEFAULT_LIMITS } from "../model-http/exchange.ts";
import { toUserError } from "../model-http/model-errors.ts";
import { TransportError } from "../model-http/transport-error.ts";
import { listRunning } from "./running.ts";
import { createTransport } from "./transport.ts";

/** Ollama's and llama-server's own. */
const DEFAULT_PORTS = { ollama: 11434, openai: 8080 } as const;
/** 169.254/16 (cloud metadata services live there), also as an IPv6 address, and fe80::/10; as the URL parser writes them. */
const LINK_LOCAL = /^(?:169\.254\.|\[::ffff:a9fe:|\[fe[89ab][0-9a-f]:)/;
const QUICK = { ...DEFAULT_LIMITS, firstByteMs: 10_000, idleMs: 10_000, totalMs: 20_000 };

/**
 * The server's origin.
 * @param env OLLAMA_HOST counts where nothing is named: `host`, `host:port`, `:port`, `[::1]:port` or a URL; 0.0.0.0 means this machine
 * @throws UserError `usage` for addresses with a password, other schemes, or link-local hosts
 */
export function resolveServer(
	env: Readonly<Record<string, string | undefined>>,
	explicit: string | null,
	backend: "ollama" | "openai" = "ollama",
): string {
	const defaultPort = DEFAULT_PORTS[backend];
	const given = (explicit?.trim() || (backend === "ollama" ? env["OLLAMA_HOST"]?.trim() : "")) ?? "";
	if (given === "") return `http://127.0.0.1:${defaultPort}`;
	const withHost = given.startsWith(":") ? `127.0.0.1${given}` : given;
	const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(withHost)?.[0] ?? "";
	const url = parsedUrl(scheme === "" ? `http://${withHost}` : withHost);
	if (url === null) throw invalid("it is not a URL");
	if (url.protocol !== "http:" && url.protocol !== "https:")
		throw invalid(`the scheme ${url.protocol} is not http or https`);
	if (url.username !== "" || url.password !== "") throw invalid("it holds a user name or a password");
	const host = url.hostname === "0.0.0.0" || url.hostname === "[::]" ? "127.0.0.1" : url.hostname;
	if (LINK_LOCAL.test(host)) throw invalid("it is a link-local address");
	// As the server's own client does: a bare host means Ollama's port, a URL its scheme's.
	const port = url.port || (scheme === "" ? String(defaultPort) : url.protocol === "https:" ? "443" : "80");
	const path = url.pathname.replace(/\/$/, "");
	// People give the base address of OpenAI's own clients too.
	return `${url.protocol}//${host}:${port}${backend === "openai" ? path.replace(/\/v1$/, "") : path}`;

	function invalid(why: string): UserError {
		return new UserError(
			"usage",
			`The server's address cannot be used: ${why}.`,
			"Give it as http://HOST:PORT (jetbox.server, --server or OLLAMA_HOST).",
		);
	}
}

/** Asks for version, installed models and loaded ones; a server that fails is a state, not an exception. @throws AbortError */
export async function describeServer(server: string, signal: AbortSignal): Promise<ServerState<ModelInfo>> {
	const client = new Ollama({ host: server, fetch: createTransport(QUICK, signal) });
	try {
		const { version } = await client.version();
		if (typeof version !== "string")
			throw new UserError(
				"not-ollama",
				`${server} answers, but not as an Ollama server.`,
				"Check the server's address (jetbox.server, --server or OLLAMA_HOST).",
			);
		const [{ models }, running] = await Promise.all([client.list(), listRunning(client)]);
		const loaded = new Set(running.map(({ name }) => name));
		const described = await Promise.all(
			models.map(async ({ name, size, digest }) => {
				const known = { name, sizeBytes: size, digest: digest || null, loaded: loaded.has(name) };
				try {
					return await describeModel(client, known);
				} catch (error) {
					// One damaged model must not hide the others.
					if (isAbort(error) || error instanceof TransportError) throw error;
					return { ...UNDESCRIBED, ...known };
				}
			}),
		);
		return { kind: "ok", server, version, models: described };
	} catch (error) {
		if (isAbort(error)) throw error;
		const known = toUserError(error, { server, model: "", backend: "ollama" });
		if (!(known instanceof UserError)) throw known;
		const kind =
			known.kind === "unreachable"
				? "unreachable"
				: known.kind === "not-ollama" || known.kind === "protocol"
					? "not-ollama"
					: "refused";
		return { kind, server, message: known.message, fix: known.fix };
	}
}

const UNDESCRIBED: Omit<ModelInfo, "name"> = {
	sizeBytes: 0,
	parameterSize: "",
	quantization: "",
	contextLength: null,
	claimsTools: false,
	claimsThinking: false,
	hidesTools: false,
	continuesAnswers: false,
	digest: null,
	bytesPerToken: null,
	loaded: false,
};

/** One model, as `/api/show` describes it, with what is known from elsewhere. */
export async function describeModel(
	client: Ollama,
	known: Partial<ModelInfo> & Pick<ModelInfo, "name">,
): Promise<ModelInfo> {
	const shown = await client.show({ model: known.name });
	const figures = figuresOf(shown.model_info);
	return {
		...UNDESCRIBED,
		...known,
		parameterSize: shown.details?.parameter_size ?? "",
		quantization: shown.details?.quantization_level ?? "",
		contextLength: figures("context_length"),
		claimsTools: shown.capabilities?.includes("tools") ?? false,
		claimsThinking: shown.capabilities?.includes("thinking") ?? false,
		hidesTools: hidesToolsAfterResults(shown.template ?? ""),
		continuesAnswers: continuesAnswers(shown.template ?? ""),
		bytesPerToken: bytesPerToken(figures),
	};
}

/** Keys and values of every layer, two bytes each, as the server keeps them by default. */
function bytesPerToken(figures: (key: string) => number | null): number | null {
	const layers = figures("block_count");
	const heads = figures("attention.head_count");
	const width = figures("embedding_length");
	if (layers === null || heads === null || width === null || heads === 0) return null;
	const keyLength = figures("attention.key_length") ?? width / heads;
	const valueLength = figures("attention.value_length") ?? width / heads;
	return layers * (figures("attention.head_count_kv") ?? heads) * (keyLength + valueLength) * 2;
}

/** The numbers of a model's file by their name without the architecture (`llama.block_count` is `block_count`). */
function figuresOf(info: unknown): (key: string) => number | null {
	const entries = Object.entries(contextEntries(info));
	return (wanted) => {
		const value = entries.find(([key]) => key.slice(key.indexOf(".") + 1) === wanted)?.[1];
		return typeof value === "number" ? value : null;
	};
}

/** The client types a Map; the wire sends an object. */
function contextEntries(info: unknown): Readonly<Record<string, unknown>> {
	return typeof info === "object" && info !== null ? { ...info } : {};
}

function parsedUrl(text: string): URL | null {
	return URL.canParse(text) ? new URL(text) : null;
}
