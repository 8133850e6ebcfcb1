/**
 * `npm run eval`: tasks, each in a fresh copy, by Jetbox or a baseline, judged by hidden tests. Goes on where an interrupted run
 * stopped: the result file is read first.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { type Attempt, appendAttempt, attemptKey, readAttempts } from "./attempt.ts";
import { BASELINES, runBaseline } from "./baseline-attempt.ts";
import { runJetbox } from "./jetbox-attempt.ts";
import { judge } from "./judge.ts";
import { pictureOf } from "./picture.ts";
import { SETTINGS } from "./settings.ts";
import { comparisonOf, tableOf } from "./table.ts";
import { layOut, loadTasks, type Task } from "./tasks.ts";

const USAGE = `npm run eval -- [options]
  --model NAME       repeatable; default: what "auto" takes
  --system NAME      jetbox (default), ${[...BASELINES.keys()].join(", ")}; repeatable
  --setting NAME     ${[...SETTINGS.keys()].join(", ")}; repeatable, of jetbox only
  --task TEXT        only tasks whose name holds the text, or whose kind it is; repeatable
  --repeat N         attempts of each, default 1
  --max-rounds N     default 12
  --max-minutes N    for each attempt, default 10
  --out FILE         result file, JSON lines; default bench/eval/results/latest.jsonl
  --events DIR       keeps each attempt's events there, to read what happened (of jetbox only)
  --report           no attempts: only the table and picture of --out
  --compare FILE     an earlier result file, set against --out
  --server URL       default OLLAMA_HOST, else http://127.0.0.1:11434`;

const TEXT = { type: "string" } as const;
const TEXTS = { type: "string", multiple: true } as const;
const FLAG = { type: "boolean" } as const;

process.exitCode = await evaluate();

async function evaluate(): Promise<number> {
	const { values } = parseArgs({
		options: {
			model: TEXTS,
			system: TEXTS,
			setting: TEXTS,
			task: TEXTS,
			repeat: TEXT,
			"max-rounds": TEXT,
			"max-minutes": TEXT,
			out: TEXT,
			events: TEXT,
			report: FLAG,
			compare: TEXT,
			server: TEXT,
			help: FLAG,
			root: TEXT,
			venv: TEXT,
			python: TEXT,
			ruff: TEXT,
			"aider-python": TEXT,
		},
	});
	if (values.help === true) {
		console.log(USAGE);
		return 0;
	}
	const root = values.root ?? ".";
	const out = values.out ?? join(root, "bench/eval/results/latest.jsonl");
	const server = values.server ?? process.env["OLLAMA_HOST"] ?? "http://127.0.0.1:11434";
	const tools = { python: values.python ?? "python3", ruff: values.ruff ?? "ruff" };
	const limits = { maxRounds: Number(values["max-rounds"] ?? 12), maxMinutes: Number(values["max-minutes"] ?? 10) };
	const wanted = values.task ?? [];
	const tasks = loadTasks(join(root, "bench/eval/tasks")).filter(
		({ name, kind }) => wanted.length === 0 || wanted.some((text) => name.includes(text) || kind === text),
	);
	const systems = values.system ?? ["jetbox"];
	const settings = values.setting ?? ["default"];
	const unknown =
		systems.find((name) => name !== "jetbox" && !BASELINES.has(name)) ?? settings.find((name) => !SETTINGS.has(name));
	if (tasks.length === 0 || unknown !== undefined) {
		console.error(`${unknown === undefined ? `No task fits ${wanted.join(", ")}.` : `Unknown: ${unknown}.`}\n${USAGE}`);
		return 2;
	}
	const stopped = new AbortController();
	for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stopped.abort());
	mkdirSync(dirname(out), { recursive: true });

	if (values.report !== true) {
		const known = new Set(readAttempts(out).map(attemptKey));
		for (const attempt of planned()) {
			if (known.has(attemptKey({ ...attempt, task: attempt.task.name }))) continue;
			if (stopped.signal.aborted) break;
			await oneAttempt(attempt);
		}
	}
	const attempts = readAttempts(out);
	console.log(`\n${tableOf(attempts)}\n`);
	const picture = `${out.replace(/\.jsonl$/, "")}.svg`;
	writeFileSync(picture, pictureOf(attempts));
	if (values.compare !== undefined) console.log(comparisonOf(readAttempts(values.compare), attempts));
	console.log(`Attempts: ${out}\nPicture: ${picture}`);
	return stopped.signal.aborted ? 130 : 0;

	function eventsFile(label: string): string | null {
		if (values.events === undefined) return null;
		mkdirSync(values.events, { recursive: true });
		return join(values.events, `${label.replace(/[^\w.#-]+/g, "-")}.jsonl`);
	}

	interface Planned {
		readonly system: string;
		readonly setting: string;
		readonly model: string;
		readonly task: Task;
		readonly repeat: number;
	}

	function planned(): readonly Planned[] {
		const repeats = Array.from({ length: Number(values.repeat ?? 1) }, (_, index) => index + 1);
		return (values.model ?? ["auto"]).flatMap((model) =>
			systems.flatMap((system) =>
				(system === "jetbox" ? settings : ["default"]).flatMap((setting) =>
					repeats.flatMap((repeat) => tasks.map((task) => ({ system, setting, model, task, repeat }))),
				),
			),
		);
	}

	async function oneAttempt({ system, setting, model, task, repeat }: Planned): Promise<void> {
		const folder = mkdtempSync(join(tmpdir(), "jetbox-eval-"));
		const workspace = join(folder, task.name);
		mkdirSync(workspace);
		layOut(task, ["project"], workspace);
		const label = `${system}${setting === "default" ? "" : ` ${setting}`} ${model} ${task.name} #${repeat}`;
		try {
			const script = BASELINES.get(system);
			const ran =
				script === undefined
					? await runJetbox(
							task,
							workspace,
							{
								...limits,
								cli: join(root, "dist/cli.js"),
								venv: values.venv ?? "",
								model,
								options: [...(SETTINGS.get(setting) ?? []), "--server", server],
								events: eventsFile(label),
							},
							stopped.signal,
						)
					: await runBaseline(
							task,
							workspace,
							{
								...limits,
								python: system === "aider" ? (values["aider-python"] ?? tools.python) : tools.python,
								folder: join(root, "bench/eval/baselines"),
								script,
								server,
								model,
							},
							stopped.signal,
						);
			const judgement = await judge(task, workspace, tools);
			const attempt: Attempt = {
				system,
				setting,
				model,
				task: task.name,
				kind: task.kind,
				repeat,
				...ran,
				...judgement,
			};
			appendAttempt(out, attempt);
			const word = attempt.green ? "green" : attempt.claimedGreen ? "FALSELY GREEN" : "not green";
			console.log(
				`${label}: ${word}, ${attempt.rounds} rounds, ${(attempt.durationMs / 1000).toFixed(0)} s; ${attempt.ending}`,
			);
		} catch (error) {
			if (stopped.signal.aborted) return;
			console.error(`${label}: could not be run: ${error instanceof Error ? error.message : String(error)}`);
		} finally {
			rmSync(folder, { recursive: true, force: true });
		}
	}
}
