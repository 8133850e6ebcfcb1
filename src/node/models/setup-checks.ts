/** Check Setup's lines about server and model, and the questions to an Ollama server that they need. */
import { Ollama } from "ollama";
import { isAbort, UserError } from "../../core/errors.ts";
import type { InstalledModel, ServerAddress, ServerState, SetupCheck } from "../../core/machine.ts";
import { checkContext, showsGoStruct } from "../../core/model/context-check.ts";
import { chooseModel, PRACTICE_MODEL } from "../../core/model/model-choice.ts";
import { DEFAULT_LIMITS } from "../model-http/exchange.ts";
import { DEFAULT_KEEP_ALIVE } from "../ollama/chat-model.ts";
import { listRunning } from "../ollama/running.ts";
import { chooseContext } from "../ollama/session-options.ts";
import { createTransport } from "../ollama/transport.ts";
import type { ModelSettings } from "./model-settings.ts";

const QUICK = { ...DEFAULT_LIMITS, firstByteMs: 20_000, totalMs: 30_000 };

interface Asked {
	readonly choice: string;
	readonly address: ServerAddress;
	readonly state: ServerState;
	readonly settings: Pick<ModelSettings, "backend" | "contextLength">;
}

/** Server and model; with a model, its context and protocol, and on Ollama its template. @throws AbortError */
export async function checkSetup(asked: Asked, signal: AbortSignal): Promise<readonly SetupCheck[]> {
	const { choice, state, settings } = asked;
	if (choice === PRACTICE_MODEL)
		return [
			{
				...serverCheck(asked),
				state: "ok",
				fix: "",
				...(state.kind === "ok" ? {} : { detail: `none, and the practice model needs none. ${state.message}` }),
			},
			{ name: "model", state: "ok", detail: "practice model: template repair, no neural network", fix: "" },
		];
	if (state.kind !== "ok") return [serverCheck(asked)];
	const model = find(choice, state.models);
	if (model instanceof UserError)
		return [serverCheck(asked), { name: "model", state: "missing", detail: model.message, fix: model.fix }];
	const known = [serverCheck(asked), modelCheck(model, state.models.length)];
	if (settings.backend === "openai") {
		const session = Math.min(settings.contextLength ?? Number.POSITIVE_INFINITY, model.contextLength ?? 8_192);
		const facts = { session, configured: null, loaded: null, chosenByJetbox: false };
		return [...known, checkContext(model, facts), protocolCheck(model)];
	}
	const client = new Ollama({ host: state.server, fetch: createTransport(QUICK, signal) });
	try {
		return [
			...known,
			await contextCheck(client, model, settings),
			...(await templateCheck(client, model, settings)),
			protocolCheck(model),
		];
	} catch (error) {
		if (isAbort(error)) throw error;
		return [...known, protocolCheck(model)];
	}
}

function serverCheck({ address, state }: Asked): SetupCheck {
	if (state.kind !== "ok") {
		return {
			name: "server",
			state: state.kind === "unreachable" ? "missing" : "unusable",
			detail: state.message,
			fix: state.fix,
		};
	}
	const detail = `${/^\d/.test(state.version) ? "Ollama " : ""}${state.version} at ${state.server}`;
	if (!address.remote) return { name: "server", state: "ok", detail, fix: "" };
	return {
		name: "server",
		state: address.allowed ? "ok" : "advice",
		detail: `${detail}, which is not this machine: prompts hold text of your workspace`,
		fix: address.allowed ? "" : "You are asked once before the first prompt goes there.",
	};
}

function find(choice: string, models: readonly InstalledModel[]): InstalledModel | UserError {
	try {
		const name = chooseModel(choice, models);
		return (
			models.find((model) => model.name === name) ?? new UserError("model-missing", `${name} is gone.`, "Try again.")
		);
	} catch (error) {
		if (error instanceof UserError) return error;
		throw error;
	}
}

function modelCheck({ name }: InstalledModel, installed: number): SetupCheck {
	return { name: "model", state: "ok", detail: `${name} (of ${installed} installed)`, fix: "" };
}

function protocolCheck({ protocol, protocolBy }: InstalledModel): SetupCheck {
	const why = {
		setting: "by jetbox.protocol",
		"self-test": "by its self-test",
		size: "by its size, as it was not tested",
	}[protocolBy];
	return { name: "protocol", state: "ok", detail: `${protocol} calls, ${why}`, fix: "" };
}

async function contextCheck(
	client: Ollama,
	model: InstalledModel,
	{ contextLength }: Asked["settings"],
): Promise<SetupCheck> {
	const [running, shown] = await Promise.all([listRunning(client), client.show({ model: model.name })]);
	const loaded = running.find(({ name }) => name === model.name) ?? null;
	const configured = /^num_ctx\s+(\d+)/m.exec(shown.parameters ?? "")?.[1];
	return checkContext(model, {
		session: chooseContext(model.contextLength, loaded?.contextLength ?? null, contextLength),
		configured: configured === undefined ? null : Number(configured),
		loaded,
		chosenByJetbox: true,
	});
}

/** Asks for the rendered prompt with one tool in it; nothing where the server or the model has no such thing. */
async function templateCheck(
	client: Ollama,
	model: InstalledModel,
	{ contextLength }: Asked["settings"],
): Promise<readonly SetupCheck[]> {
	if (!model.claimsTools) return [];
	const rendered = await renderedPrompt(client, model, contextLength).catch((error: unknown) => {
		if (isAbort(error)) throw error;
		return null;
	});
	if (rendered === null) return [];
	if (!showsGoStruct(rendered))
		return [{ name: "template", state: "ok", detail: "shows the model its tools as JSON", fix: "" }];
	return [
		{
			name: "template",
			state: "advice",
			detail: "shows the model its tools as a Go struct in place of JSON; small models copy that into their calls",
			fix: "Leave jetbox.protocol at auto, or repair the model's template: {{ json .Function }} in place of {{ .Function }}.",
		},
	];
}

async function renderedPrompt(
	client: Ollama,
	model: InstalledModel,
	contextLength: number | null,
): Promise<string | null> {
	const request = {
		model: model.name,
		messages: [{ role: "user", content: "Read a.py." }],
		tools: [
			{
				type: "function",
				function: {
					name: "read_file",
					description: "Reads a file.",
					parameters: {
						type: "object",
						properties: { path: { type: "string", description: "its path" } },
						required: ["path"],
					},
				},
			},
		],
		stream: false as const,
		_debug_render_only: true,
		keep_alive: DEFAULT_KEEP_ALIVE,
		// A server that does not know the field answers in earnest: briefly, and with a session's own load options.
		options: { num_ctx: chooseContext(model.contextLength, null, contextLength), num_predict: 1 },
	};
	const answer: unknown = await client.chat(request);
	const debug = typeof answer === "object" && answer !== null && "_debug_info" in answer ? answer._debug_info : null;
	return typeof debug === "object" &&
		debug !== null &&
		"rendered_template" in debug &&
		typeof debug.rendered_template === "string"
		? debug.rendered_template
		: null;
}
