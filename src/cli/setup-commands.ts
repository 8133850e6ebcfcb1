/** `jetbox doctor` and `jetbox models`: what is there, and what to do about what is not. */
import { UserError } from "../core/errors.ts";
import type { ModelInfo, ServerState } from "../core/machine.ts";
import { chooseModel } from "../core/model/model-choice.ts";
import type { Command } from "./arguments.ts";
import { type CliEnvironment, type ExitCode, openFolder } from "./environment.ts";
import { visible } from "./terminal.ts";

interface Check {
	readonly name: string;
	readonly state: "ok" | "missing" | "unusable";
	readonly detail: string;
	readonly fix: string;
}

/** Checks server, model, interpreter, ruff, pytest and sandbox; 0 where all that a run needs is there. */
export async function doctorCommand(
	command: Extract<Command, { kind: "doctor" }>,
	environment: CliEnvironment,
	signal: AbortSignal,
): Promise<ExitCode> {
	const root = await openFolder(command.workspace);
	const machine = environment.machine({ server: command.server, sandbox: "auto" });
	const probes = machine.openProbes(root);
	try {
		const [server, tools] = await Promise.all([machine.describeServer(signal), probes.describe(signal)]);
		const checks: readonly Check[] = [
			...serverChecks(server),
			...tools.map(({ tool, state, detail, fix }) => ({ name: tool, state, detail, fix })),
		];
		if (command.json) environment.terminal.out(JSON.stringify({ checks }));
		else for (const check of checks) sayCheck(environment, check);
		return checks.every(({ state, name }) => state === "ok" || name === "sandbox") ? 0 : 1;
	} finally {
		await probes.dispose();
	}
}

/** Lists the installed models and marks the one that "auto" takes. */
export async function modelsCommand(
	command: Extract<Command, { kind: "models" }>,
	environment: CliEnvironment,
	signal: AbortSignal,
): Promise<ExitCode> {
	const server = await environment.machine({ server: command.server, sandbox: "auto" }).describeServer(signal);
	if (server.kind !== "ok")
		throw new UserError(server.kind === "unreachable" ? "unreachable" : "not-ollama", server.message, server.fix);
	const auto = autoChoice(server.models);
	const { terminal } = environment;
	if (command.json) {
		terminal.out(
			JSON.stringify({ server: server.server, version: server.version, auto: auto.name, models: server.models }),
		);
		return 0;
	}
	for (const model of server.models) {
		const marks = [model.name === auto.name ? "auto" : "", model.loaded ? "loaded" : ""]
			.filter((mark) => mark !== "")
			.join(", ");
		terminal.out(
			visible(
				`${model.name.padEnd(28)} ${gigabytes(model)}  ${model.parameterSize.padEnd(7)} ${model.quantization.padEnd(8)} ${contextOf(model)}  ${marks}`,
			),
		);
	}
	if (auto.problem !== null) terminal.out(`${auto.problem.message} ${auto.problem.fix}`);
	terminal.out("practice                      built in: template repair without a neural network (--model practice)");
	return 0;
}

function serverChecks(server: ServerState): readonly Check[] {
	if (server.kind !== "ok") {
		return [
			{
				name: "server",
				state: server.kind === "unreachable" ? "missing" : "unusable",
				detail: server.message,
				fix: server.fix,
			},
		];
	}
	const auto = autoChoice(server.models);
	return [
		{ name: "server", state: "ok", detail: `Ollama ${server.version} at ${server.server}`, fix: "" },
		auto.problem === null
			? { name: "model", state: "ok", detail: `${auto.name} (of ${server.models.length} installed)`, fix: "" }
			: { name: "model", state: "missing", detail: auto.problem.message, fix: auto.problem.fix },
	];
}

function autoChoice(models: readonly ModelInfo[]): {
	readonly name: string | null;
	readonly problem: UserError | null;
} {
	try {
		return { name: chooseModel("auto", models), problem: null };
	} catch (error) {
		if (error instanceof UserError) return { name: null, problem: error };
		throw error;
	}
}

function sayCheck({ terminal }: CliEnvironment, { name, state, detail, fix }: Check): void {
	const mark = terminal.style(state === "ok" ? "green" : "yellow", state.padEnd(8));
	terminal.out(`${name.padEnd(8)} ${mark} ${visible(detail)}`);
	if (fix !== "") terminal.out(`${" ".repeat(18)}${visible(fix)}`);
}

function gigabytes({ sizeBytes }: ModelInfo): string {
	return `${(sizeBytes / 1e9).toFixed(1)} GB`.padStart(8);
}

function contextOf({ contextLength }: ModelInfo): string {
	return contextLength === null ? "context unknown" : `${contextLength} tokens`;
}
