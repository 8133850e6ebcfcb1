/** `jetbox doctor` and `jetbox models`: what is there, and what to do about what is not. */
import { UserError } from "../core/errors.ts";
import type { InstalledModel, SetupCheck } from "../core/machine.ts";
import { chooseModel } from "../core/model/model-choice.ts";
import { serverError } from "../core/model/server-error.ts";
import { jsonLine, visible } from "../core/visible-text.ts";
import type { Command } from "./arguments.ts";
import { benchmarkCommand } from "./benchmark-command.ts";
import { type CliEnvironment, type ExitCode, openFolder } from "./environment.ts";

/** Checks server, model, context, interpreter, ruff, pytest and sandbox; 0 where all that a run needs is there. */
export async function doctorCommand(
	command: Extract<Command, { kind: "doctor" }>,
	environment: CliEnvironment,
	signal: AbortSignal,
): Promise<ExitCode> {
	const root = await openFolder(command.workspace);
	const machine = environment.machine({ ...command, sandbox: "auto" });
	const probes = machine.openProbes(root);
	try {
		const onProgress = (message: string) => environment.terminal.err(visible(message));
		const [models, tools] = await Promise.all([
			machine.checkModel(command.model, { onProgress, signal }, signal),
			probes.describe(signal),
		]);
		const checks: readonly SetupCheck[] = [
			...models,
			...tools.map(({ tool, state, detail, fix }) => ({ name: tool, state, detail, fix })),
		];
		if (command.json) environment.terminal.out(jsonLine({ checks }));
		else for (const check of checks) sayCheck(environment, check);
		return checks.every(({ state, name }) => state === "ok" || state === "advice" || name === "sandbox") ? 0 : 1;
	} finally {
		await probes.dispose();
	}
}

/** Lists the installed models and marks the one that "auto" takes; with --benchmark measures them. */
export async function modelsCommand(
	command: Extract<Command, { kind: "models" }>,
	environment: CliEnvironment,
	signal: AbortSignal,
): Promise<ExitCode> {
	if (command.benchmark) return benchmarkCommand(command, environment, signal);
	const server = await environment.machine({ ...command, sandbox: "auto" }).describeServer(signal);
	if (server.kind !== "ok") throw serverError(server);
	const auto = autoChoice(server.models);
	const { terminal } = environment;
	if (command.json) {
		terminal.out(jsonLine({ server: server.server, version: server.version, auto: auto.name, models: server.models }));
		return 0;
	}
	for (const model of server.models) terminal.out(visible(lineOf(model, model.name === auto.name)));
	if (auto.problem !== null) terminal.out(`${auto.problem.message} ${auto.problem.fix}`);
	terminal.out("practice                      built in: template repair without a neural network (--model practice)");
	return 0;
}

function autoChoice(models: readonly InstalledModel[]): {
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

function sayCheck({ terminal }: CliEnvironment, { name, state, detail, fix }: SetupCheck): void {
	const mark = terminal.style(state === "ok" ? "green" : "yellow", state.padEnd(8));
	terminal.out(`${name.padEnd(8)} ${mark} ${visible(detail)}`);
	if (fix !== "") terminal.out(`${" ".repeat(18)}${visible(fix)}`);
}

const FITS = { yes: "fits", tight: "fits tightly", no: "does not fit into memory" } as const;
const CHOSEN_BY = { setting: "as set", "self-test": "tested", size: "by size" } as const;

function lineOf(model: InstalledModel, isAuto: boolean): string {
	const { name, parameterSize, quantization, protocol, protocolBy, fits, measured, loaded } = model;
	const columns = [
		name.padEnd(28),
		gigabytes(model),
		` ${parameterSize.padEnd(7)}`,
		quantization.padEnd(8),
		contextOf(model).padEnd(15),
		`${protocol} (${CHOSEN_BY[protocolBy]})`.padEnd(17),
	];
	const marks = [
		fits === null ? "" : FITS[fits],
		measured === null ? "" : `${measured.green} of ${measured.of} to green`,
		measured?.tokensPerSecond == null ? "" : `${measured.tokensPerSecond.toFixed(1)} tokens/s`,
		isAuto ? "auto" : "",
		loaded ? "loaded" : "",
	];
	return `${columns.join(" ")} ${marks.filter((mark) => mark !== "").join(", ")}`;
}

function gigabytes({ sizeBytes }: InstalledModel): string {
	return `${(sizeBytes / 1e9).toFixed(1)} GB`.padStart(8);
}

function contextOf({ contextLength }: InstalledModel): string {
	return contextLength === null ? "context unknown" : `${contextLength} tokens`;
}
