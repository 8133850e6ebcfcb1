/** The tools as people start them: what the engine's verdicts and times are held against. */
import { type ExecFileException, execFile } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Environment } from "./environments.ts";
import { failingIds, type Outcomes } from "./outcomes.ts";

const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** Without what would make Python other than people have it: PYTHONDONTWRITEBYTECODE for one would slow the plain tools. */
const PLAIN_ENVIRONMENT = Object.fromEntries(
	Object.entries(process.env).filter(([name]) => !/^(PYTHON|PYTEST)/.test(name)),
);

export interface Ended {
	/** Exit code; null when it was killed, for one after the time limit. */
	readonly code: number | null;
	readonly stdout: string;
	readonly stderr: string;
}

/** Runs a program to its end. @throws Error when it cannot be started */
export function runPlain(program: string, args: readonly string[], cwd: string, timeoutMs = 0): Promise<Ended> {
	return new Promise((resolve, reject) => {
		execFile(
			program,
			args,
			{ cwd, maxBuffer: MAX_OUTPUT_BYTES, timeout: timeoutMs, env: PLAIN_ENVIRONMENT },
			(error: ExecFileException | null, stdout, stderr) => {
				if (error !== null && typeof error.code === "string") reject(error);
				else resolve({ code: error === null ? 0 : codeOf(error), stdout, stderr });
			},
		);
	});
}

function codeOf({ code }: ExecFileException): number | null {
	return typeof code === "number" ? code : null;
}

export interface SequentialVerdict {
	readonly lintClean: boolean;
	readonly passed: number;
	readonly failed: number;
}

/** The seed's sequential form: `ruff check .`, then `pytest tests/ -q`. */
export async function sequentialForm(
	environment: Environment,
	root: string,
	pytestArgs: readonly string[] = ["tests/", "-q"],
): Promise<SequentialVerdict> {
	const ruff = await runPlain(environment.ruff, ["check", "."], root);
	const pytest = await runPlain(environment.pytest, pytestArgs, root);
	return { lintClean: ruff.code === 0, ...summaryOf(pytest.stdout) };
}

/** The counts on pytest's last line. */
export function summaryOf(stdout: string): { readonly passed: number; readonly failed: number } {
	const line = stdout.trimEnd().split("\n").at(-1) ?? "";
	const count = (word: string) => Number(line.match(new RegExp(`(\\d+) ${word}`))?.[1] ?? 0);
	return { passed: count("passed"), failed: count("failed") };
}

/** Plain pytest's outcomes; null when it did not end in time. */
export async function plainOutcomes(
	environment: Environment,
	root: string,
	args: readonly string[],
	timeoutMs: number,
): Promise<Outcomes | null> {
	const { result, outcomes } = await environment.recorded(() => runPlain(environment.pytest, args, root, timeoutMs));
	return result.code === null ? null : outcomes;
}

/**
 * Those of the told ids that fail in no plain run. pytest runs no test at all where one file cannot be collected, while the
 * engine may have run other files before: what plain pytest did not name is held against a plain run that goes on past such errors.
 */
export async function inventedIds(
	told: readonly string[],
	failing: readonly string[],
	pastErrors: (argument: string) => Promise<Outcomes | null>,
): Promise<readonly string[]> {
	const extra = told.filter((id) => !failing.includes(id));
	if (extra.length === 0) return extra;
	const further = failingIds((await pastErrors("--continue-on-collection-errors")) ?? new Set());
	return extra.filter((id) => !further.includes(id));
}

/** Plain tools trust bytecode that may be of another text of the same second and size; the truth must not. */
export function dropBytecode(root: string, file: string): void {
	const folder = join(root, dirname(file), "__pycache__");
	const stem = basename(file).replace(/\.py$/, "");
	for (const name of namesIn(folder)) if (name.startsWith(`${stem}.`)) rmSync(join(folder, name), { force: true });
}

function namesIn(folder: string): readonly string[] {
	try {
		return readdirSync(folder);
	} catch {
		return [];
	}
}
