/** The command line of `npm run eval`, as a value. */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { BASELINES } from "./baseline-attempt.ts";
import { optionsOfSetting, SETTING_NAMES } from "./settings.ts";
import { loadTasks, type Task } from "./tasks.ts";

export const USAGE = `npm run eval -- [options]
  --model NAME       repeatable; default: what "auto" takes
  --system NAME      jetbox (default), ${[...BASELINES.keys()].join(", ")}; repeatable
  --setting NAME     ${SETTING_NAMES.join(", ")};
                     joined by +; repeatable, of jetbox only
  --task TEXT        only tasks whose name holds the text, or whose kind it is; repeatable
  --limit N          only the first N tasks of the shuffled order
  --repeat N         attempts of each, default 1
  --seed N           of the order of the tasks, default 7
  --max-rounds N     default 12
  --max-minutes N    for each attempt, default 10
  --stop-after N     begins no task later than N minutes after the start
  --label TEXT       kept with each attempt, such as the commit that is measured
  --out FILE         result file, JSON lines; default bench/eval/results/latest.jsonl
  --events DIR       keeps each attempt's events there, to read what happened (of jetbox only)
  --report           no attempts: only the tables and the picture of --out
  --docs FILE        no attempts: makes the tables of that page anew from the files in bench/eval/results/
  --compare FILE     an earlier result file, set against --out
  --server URL       default OLLAMA_HOST, else http://127.0.0.1:11434`;

export interface EvalOptions {
	readonly root: string;
	readonly tools: { readonly python: string; readonly ruff: string };
	readonly venv: string;
	readonly aiderPython: string;
	readonly models: readonly string[];
	readonly systems: readonly string[];
	readonly settings: readonly string[];
	readonly tasks: readonly Task[];
	/** Of the shuffled order, or null for all. */
	readonly limit: number | null;
	readonly repeats: number;
	readonly seed: number;
	readonly maxRounds: number;
	readonly maxMinutes: number;
	/** Null: no end. */
	readonly stopAfterMinutes: number | null;
	readonly label: string;
	readonly out: string;
	readonly events: string | null;
	readonly report: boolean;
	/** A page to fill, or null. */
	readonly docs: string | null;
	readonly compare: string | null;
	readonly server: string;
}

const TEXT = { type: "string" } as const;
const TEXTS = { type: "string", multiple: true } as const;
const FLAG = { type: "boolean" } as const;
const DEFAULTS = { repeats: 1, seed: 7, maxRounds: 12, maxMinutes: 10 } as const;

/** @returns the options, `help`, or what is wrong with them in words */
export function parseOptions(argv: readonly string[]): EvalOptions | "help" | { readonly wrong: string } {
	const { values } = parseArgs({
		args: [...argv],
		options: {
			...{ model: TEXTS, system: TEXTS, setting: TEXTS, task: TEXTS, limit: TEXT, repeat: TEXT, seed: TEXT },
			...{ "max-rounds": TEXT, "max-minutes": TEXT, "stop-after": TEXT, label: TEXT, out: TEXT, events: TEXT },
			...{ report: FLAG, docs: TEXT, compare: TEXT, server: TEXT, help: FLAG },
			...{ root: TEXT, venv: TEXT, python: TEXT, ruff: TEXT, "aider-python": TEXT },
		},
	});
	if (values.help === true) return "help";
	const root = values.root ?? ".";
	const python = values.python ?? "python3";
	const systems = values.system ?? ["jetbox"];
	const settings = values.setting ?? ["default"];
	const unknown =
		systems.find((name) => name !== "jetbox" && !BASELINES.has(name)) ??
		settings.find((name) => optionsOfSetting(name) === null);
	if (unknown !== undefined) return { wrong: `Unknown: ${unknown}.` };
	const wanted = values.task ?? [];
	const tasks = loadTasks(join(root, "bench/eval/tasks")).filter(
		({ name, kind }) => wanted.length === 0 || wanted.some((text) => name.includes(text) || kind === text),
	);
	if (tasks.length === 0) return { wrong: `No task fits ${wanted.join(", ")}.` };
	return {
		root,
		tools: { python, ruff: values.ruff ?? "ruff" },
		venv: values.venv ?? "",
		aiderPython: values["aider-python"] ?? python,
		models: values.model ?? ["auto"],
		systems,
		settings,
		tasks,
		limit: values.limit === undefined ? null : Number(values.limit),
		repeats: Number(values.repeat ?? DEFAULTS.repeats),
		seed: Number(values.seed ?? DEFAULTS.seed),
		maxRounds: Number(values["max-rounds"] ?? DEFAULTS.maxRounds),
		maxMinutes: Number(values["max-minutes"] ?? DEFAULTS.maxMinutes),
		stopAfterMinutes: values["stop-after"] === undefined ? null : Number(values["stop-after"]),
		label: values.label ?? "",
		out: values.out ?? join(root, "bench/eval/results/latest.jsonl"),
		events: values.events ?? null,
		report: values.report === true,
		docs: values.docs ?? null,
		compare: values.compare ?? null,
		server: values.server ?? process.env["OLLAMA_HOST"] ?? "http://127.0.0.1:11434",
	};
}
