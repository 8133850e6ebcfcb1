/** Judges a workspace at its end by the task's hidden tests, in a copy that the agent never touched. */
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Task } from "./tasks.ts";

const HIDDEN = "hidden_tests";
const TIMEOUT_MS = 60_000;
const MAX_WORDS = 300;

export interface Tools {
	readonly python: string;
	readonly ruff: string;
}

export interface Judgement {
	readonly green: boolean;
	/** Empty where green. */
	readonly detail: string;
}

/** Hidden tests pass and, where the task asks for it, lint is clean. */
export async function judge(task: Task, workspace: string, { python, ruff }: Tools): Promise<Judgement> {
	const scratch = mkdtempSync(join(tmpdir(), "jetbox-judge-"));
	try {
		cpSync(workspace, scratch, { recursive: true, filter: (path) => !/__pycache__|\.pyc$/.test(path) });
		rmSync(join(scratch, HIDDEN), { recursive: true, force: true });
		cpSync(join(task.folder, "hidden"), join(scratch, HIDDEN), { recursive: true });
		const tests = await run(
			python,
			["-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-c", "/dev/null", "--rootdir", scratch, HIDDEN],
			scratch,
		);
		if (!tests.ok) return { green: false, detail: `hidden tests: ${tests.words}` };
		if (!task.lintMustBeClean) return { green: true, detail: "" };
		// Those that every system reads, too, not what a system made of them.
		const rules = join(task.folder, "project", "ruff.toml");
		const lint = await run(ruff, ["check", "--no-cache", "--config", rules, "--exclude", HIDDEN, "."], scratch);
		return lint.ok ? { green: true, detail: "" } : { green: false, detail: `lint: ${lint.words}` };
	} finally {
		rmSync(scratch, { recursive: true, force: true });
	}
}

async function run(
	program: string,
	args: readonly string[],
	cwd: string,
): Promise<{ readonly ok: boolean; readonly words: string }> {
	try {
		await promisify(execFile)(program, [...args], {
			cwd,
			timeout: TIMEOUT_MS,
			env: { ...process.env, PYTHONPATH: `${cwd}:${join(cwd, "src")}`, PYTHONDONTWRITEBYTECODE: "1" },
		});
		return { ok: true, words: "" };
	} catch (error) {
		const said =
			typeof error === "object" && error !== null && "stdout" in error ? String(error.stdout) : String(error);
		return { ok: false, words: said.trim().slice(-MAX_WORDS) };
	}
}
