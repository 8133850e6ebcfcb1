/** The command line as a value; anything that does not fit is a usage error which names the option and what it takes. */
import { type ParseArgsConfig, parseArgs } from "node:util";
import { UserError } from "../core/errors.ts";
import type { LoopSwitches } from "../core/loop-switches.ts";
import type { ApproveMode, UndoChoice } from "../core/machine.ts";
import type { ProbeSettings, SandboxMode } from "../core/probes/engine-messages.ts";
import type { ProbeScope } from "../core/probes/report.ts";
import { BESIDE_MODEL, type BesideModel } from "../core/run-mode.ts";
import { parseServerChoices, SERVER_OPTIONS, type ServerChoices } from "./server-options.ts";
import { parseProbeSwitches, parseRunSwitches } from "./switches.ts";

export type Command =
	| { readonly kind: "version" }
	| { readonly kind: "help"; readonly topic: CommandName | null }
	| ({
			readonly kind: "run";
			/** Empty where a run goes on. */
			readonly task: string;
			/** Go on with this run (null: the last) instead of beginning one. */
			readonly resume: { readonly runId: string | null } | null;
			readonly workspace: string;
			/** null: that of the run which goes on, for a new one `auto`. */
			readonly model: string | null;
			readonly maxRounds: number;
			readonly maxMinutes: number;
			/** null: by whether there is a terminal. */
			readonly approve: ApproveMode | null;
			readonly besideModel: BesideModel;
			readonly sandbox: SandboxMode;
			/** What `--set` switched. */
			readonly switches: Partial<ProbeSettings>;
			readonly loop: Partial<LoopSwitches>;
			readonly allowNetwork: boolean;
			readonly log: string | null;
			readonly json: boolean;
	  } & ServerChoices)
	| {
			readonly kind: "probe";
			readonly workspace: string;
			readonly sandbox: SandboxMode;
			readonly switches: Partial<ProbeSettings>;
			readonly allowNetwork: boolean;
			readonly json: boolean;
			readonly watch: boolean;
			readonly wave: ProbeScope;
	  }
	| ({
			readonly kind: "doctor";
			readonly workspace: string;
			readonly model: string;
			readonly json: boolean;
	  } & ServerChoices)
	| ({
			readonly kind: "models";
			readonly benchmark: boolean;
			/** Models to measure; empty: all that are installed. */
			readonly only: readonly string[];
			readonly minutes: number;
			readonly json: boolean;
	  } & ServerChoices)
	| { readonly kind: "compare"; readonly before: string; readonly after: string }
	| {
			readonly kind: "undo";
			readonly workspace: string;
			readonly runId: string | null;
			readonly round: number | null;
			readonly changed: UndoChoice;
	  };

export const COMMANDS = ["run", "probe", "doctor", "models", "compare", "undo"] as const;
export type CommandName = (typeof COMMANDS)[number];

const SANDBOX_MODES = ["auto", "on", "off"] as const;
const APPROVE_MODES = ["ask", "edits", "all"] as const;
const UNDO_CHOICES = ["keep", "merge", "restore"] as const;
const SCOPES = ["affected", "full"] as const;
const DEFAULT_MAX_ROUNDS = 12;
const DEFAULT_MAX_MINUTES = 20;
/** A model. */
const DEFAULT_BENCHMARK_MINUTES = 3;
const MAX_MINUTES = 24 * 60;
const MAX_ROUNDS = 1_000;

/**
 * @param argv without the interpreter and the script
 * @throws UserError `usage`
 */
export function parseCommand(argv: readonly string[]): Command {
	const [first, ...rest] = argv;
	if (first === undefined || first === "--help" || first === "-h") return { kind: "help", topic: null };
	if (first === "--version") return { kind: "version" };
	const name = COMMANDS.find((known) => known === first);
	if (name === undefined) throw usage(`There is no command "${first}". The commands are ${COMMANDS.join(", ")}.`);
	if (rest.includes("--help") || rest.includes("-h")) return { kind: "help", topic: name };
	switch (name) {
		case "run":
			return parseRun(rest);
		case "probe": {
			const { values } = options(name, rest, {
				workspace: TEXT,
				sandbox: TEXT,
				"allow-network": FLAG,
				set: TEXTS,
				json: FLAG,
				watch: FLAG,
				wave: TEXT,
			});
			return {
				kind: "probe",
				workspace: text(values["workspace"]) ?? ".",
				sandbox: oneOf("--sandbox", text(values["sandbox"]) ?? "auto", SANDBOX_MODES),
				switches: parseProbeSwitches(texts(values["set"])),
				allowNetwork: values["allow-network"] === true,
				json: values["json"] === true,
				watch: values["watch"] === true,
				wave: oneOf("--wave", text(values["wave"]) ?? "full", SCOPES),
			};
		}
		case "doctor": {
			const { values } = options(name, rest, { workspace: TEXT, ...SERVER_OPTIONS, model: TEXT, json: FLAG });
			return {
				kind: "doctor",
				workspace: text(values["workspace"]) ?? ".",
				model: text(values["model"]) ?? "auto",
				...parseServerChoices(values),
				json: values["json"] === true,
			};
		}
		case "models": {
			const { values } = options(name, rest, {
				...SERVER_OPTIONS,
				benchmark: FLAG,
				only: TEXTS,
				minutes: TEXT,
				json: FLAG,
			});
			const only = texts(values["only"]);
			const given = ["only", "minutes"].find((option) => values[option] !== undefined);
			if (given !== undefined && values["benchmark"] !== true) throw usage(`--${given} goes with --benchmark.`);
			return {
				kind: "models",
				benchmark: values["benchmark"] === true,
				only,
				minutes: whole("--minutes", text(values["minutes"]), DEFAULT_BENCHMARK_MINUTES, MAX_MINUTES),
				...parseServerChoices(values),
				json: values["json"] === true,
			};
		}
		case "compare": {
			const { positionals } = options(name, rest, {}, 2);
			const [before, after] = positionals;
			if (before === undefined || after === undefined)
				throw usage("compare takes two logs: jetbox compare BEFORE.log AFTER.log");
			return { kind: "compare", before, after };
		}
		case "undo": {
			const { values } = options(name, rest, { workspace: TEXT, run: TEXT, round: TEXT, changed: TEXT });
			const round = text(values["round"]);
			return {
				kind: "undo",
				workspace: text(values["workspace"]) ?? ".",
				runId: text(values["run"]),
				round: round === null ? null : whole("--round", round, 1, Number.MAX_SAFE_INTEGER),
				changed: oneOf("--changed", text(values["changed"]) ?? "keep", UNDO_CHOICES),
			};
		}
	}
}

function parseRun(argv: readonly string[]): Command {
	const { values, positionals } = options(
		"run",
		argv,
		{
			workspace: TEXT,
			...SERVER_OPTIONS,
			model: TEXT,
			resume: FLAG,
			"max-rounds": TEXT,
			"max-minutes": TEXT,
			approve: TEXT,
			"beside-model": TEXT,
			sandbox: TEXT,
			set: TEXTS,
			"allow-network": FLAG,
			log: TEXT,
			json: FLAG,
		},
		1,
	);
	const [given] = positionals;
	const resume = values["resume"] === true ? { runId: given ?? null } : null;
	if (resume?.runId?.includes(" "))
		throw usage("--resume takes the id of a run, or nothing for the last one; the task is that run's.");
	const task = resume === null ? (given?.trim() ?? "") : "";
	if (resume === null && task === "")
		throw usage('The task is missing. Say what to do, in quotes: jetbox run "Make the failing tests pass"');
	const approve = text(values["approve"]);
	return {
		kind: "run",
		task,
		resume,
		workspace: text(values["workspace"]) ?? ".",
		...parseServerChoices(values),
		model: text(values["model"]),
		maxRounds: whole("--max-rounds", text(values["max-rounds"]), DEFAULT_MAX_ROUNDS, MAX_ROUNDS),
		maxMinutes: whole("--max-minutes", text(values["max-minutes"]), DEFAULT_MAX_MINUTES, MAX_MINUTES),
		approve: approve === null ? null : oneOf("--approve", approve, APPROVE_MODES),
		besideModel: oneOf("--beside-model", text(values["beside-model"]) ?? "auto", BESIDE_MODEL),
		sandbox: oneOf("--sandbox", text(values["sandbox"]) ?? "auto", SANDBOX_MODES),
		...parseRunSwitches(texts(values["set"])),
		allowNetwork: values["allow-network"] === true,
		log: text(values["log"]),
		json: values["json"] === true,
	};
}

const TEXT = { type: "string" } as const;
const TEXTS = { type: "string", multiple: true } as const;
const FLAG = { type: "boolean" } as const;

function options(
	command: CommandName,
	args: readonly string[],
	known: NonNullable<ParseArgsConfig["options"]>,
	maxPositionals = 0,
): { readonly values: Readonly<Record<string, unknown>>; readonly positionals: readonly string[] } {
	const parsed = (() => {
		try {
			return parseArgs({ args: [...args], options: known, allowPositionals: true, strict: true });
		} catch (error) {
			throw usage(`${error instanceof Error ? error.message : String(error)}.`, `See jetbox ${command} --help.`);
		}
	})();
	const extra = parsed.positionals[maxPositionals];
	if (extra !== undefined) {
		const hint = command === "run" ? " Put the task in quotes, so that it is one argument." : "";
		throw usage(`"${extra}" is one argument too many for jetbox ${command}.${hint}`);
	}
	return parsed;
}

function text(value: unknown): string | null {
	return typeof value === "string" ? value : null;
}

function texts(value: unknown): readonly string[] {
	return Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];
}

function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
	const found = allowed.find((candidate) => candidate === value);
	if (found === undefined) throw usage(`${option} takes ${allowed.join(", ")}; "${value}" is none of them.`);
	return found;
}

function whole(option: string, value: string | null, fallback: number, max: number): number {
	if (value === null) return fallback;
	const number = Number(value);
	if (!Number.isInteger(number) || number < 1 || number > max) {
		throw usage(`${option} takes a whole number from 1 to ${max}; "${value}" is none.`);
	}
	return number;
}

function usage(message: string, fix = "See jetbox --help."): UserError {
	return new UserError("usage", message, fix);
}
