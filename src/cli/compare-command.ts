/** `jetbox compare`: two logs of ROUND lines side by side, phase by phase, with ratios. */
import { readFile } from "node:fs/promises";
import { UserError } from "../core/errors.ts";
import { PHASES, parseRoundLines, type RoundTimes } from "../core/round-line.ts";
import type { Command } from "./arguments.ts";
import type { CliEnvironment, ExitCode } from "./environment.ts";

/** @throws UserError `usage` for a file that cannot be read or holds no ROUND line */
export async function compareCommand(
	command: Extract<Command, { kind: "compare" }>,
	{ terminal }: CliEnvironment,
): Promise<ExitCode> {
	const [before, after] = await Promise.all([readRounds(command.before), readRounds(command.after)]);
	terminal.out(`${"round".padEnd(7)}${PHASES.map((phase) => phase.padStart(26)).join("")}`);
	for (let index = 0; index < Math.max(before.length, after.length); index += 1) {
		terminal.out(row(String(index + 1), before[index], after[index]));
	}
	terminal.out(row("all", sum(before), sum(after)));
	terminal.out("Each cell: before -> after in ms, and before/after (above 1: faster).");
	return 0;
}

function row(name: string, before: RoundTimes | undefined, after: RoundTimes | undefined): string {
	const cells = PHASES.map((phase) => {
		const [old, now] = [before?.[phase], after?.[phase]];
		const ratio = old !== undefined && now !== undefined && now > 0 ? ` (${(old / now).toFixed(2)}x)` : "";
		return `${old ?? "-"} -> ${now ?? "-"}${ratio}`.padStart(26);
	});
	return `${name.padEnd(7)}${cells.join("")}`;
}

function sum(rounds: readonly RoundTimes[]): RoundTimes {
	const total = (phase: keyof RoundTimes) => rounds.reduce((all, round) => all + round[phase], 0);
	return {
		model: total("model"),
		probe: total("probe"),
		context: total("context"),
		tools: total("tools"),
		total: total("total"),
	};
}

async function readRounds(path: string): Promise<readonly RoundTimes[]> {
	const text = await readFile(path, "utf8").catch((error: unknown) => {
		throw new UserError(
			"usage",
			`${path} cannot be read: ${error instanceof Error ? error.message : error}.`,
			"Name a log written by jetbox run --log FILE.",
		);
	});
	const rounds = parseRoundLines(text);
	if (rounds.length === 0)
		throw new UserError("usage", `${path} holds no ROUND line.`, "Name a log written by jetbox run --log FILE.");
	return rounds;
}
