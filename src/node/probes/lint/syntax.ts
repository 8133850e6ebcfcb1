/** Whether Python texts parse: asked of one small interpreter that stays, so that an answer takes about a millisecond. */

import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { isRecord } from "../../../core/json-record.ts";
import { orAborted } from "../../../core/or-aborted.ts";
import type { SyntaxProblem } from "../../../core/ports.ts";
import type { Confine } from "../processes/confine.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import type { PythonInfo } from "../tools/interpreter.ts";

/** -I: nothing of the workspace is on its import path. Parses only; the text is never run. An environment's own start-up files are. */
const PROGRAM = `
import ast, json, sys, warnings
warnings.simplefilter("ignore")
for line in sys.stdin:
    request = json.loads(line)
    text = request["text"]
    problem = None
    try:
        compile(text, request["file"], "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
    except SyntaxError as error:
        row = error.lineno or 1
        lines = text.splitlines()
        before = lines[row - 1][: max(0, (error.offset or 1) - 1)] if row <= len(lines) else ""
        column = len(before.encode("utf-16-le", "surrogatepass")) // 2 + 1
        problem = {"line": row, "column": column, "message": error.msg or "invalid syntax"}
    except (ValueError, RecursionError, MemoryError) as error:
        problem = {"line": 1, "column": 1, "message": str(error) or type(error).__name__}
    print(json.dumps({"id": request["id"], "problem": problem}), flush=True)
`;

export interface SyntaxChecker {
	/** The first problem, or null: also where no interpreter answers. @throws signal.reason */
	check(python: PythonInfo, file: string, text: string, signal: AbortSignal): Promise<SyntaxProblem | null>;
	dispose(): void;
}

interface Resident {
	readonly python: string;
	readonly child: ChildProcess;
	readonly waiting: Map<number, (problem: SyntaxProblem | null) => void>;
}

export function createSyntaxChecker(sandbox: Sandbox, env: Readonly<Record<string, string>>): SyntaxChecker {
	let resident: Resident | null = null;
	let nextId = 1;

	const end = (ended: Resident) => {
		if (resident === ended) resident = null;
		for (const resolve of ended.waiting.values()) resolve(null);
		ended.waiting.clear();
		ended.child.kill("SIGKILL");
	};
	const start = ({ path }: PythonInfo, confine: Confine): Resident => {
		const launch = confine({ command: path, args: ["-I", "-c", PROGRAM], env });
		const stdio = ["pipe", "pipe", "ignore"] as const;
		const child = spawn(launch.command, launch.args, { env: launch.env, stdio: [...stdio], windowsHide: true });
		const started: Resident = { python: path, child, waiting: new Map() };
		child.once("error", () => end(started));
		child.once("exit", () => end(started));
		child.stdin?.on("error", () => end(started));
		if (child.stdout !== null) {
			createInterface({ input: child.stdout }).on("line", (line) => {
				const answer = parseAnswer(line);
				if (answer !== null) started.waiting.get(answer.id)?.(answer.problem);
			});
		}
		return started;
	};
	return {
		async check(python, file, text, signal) {
			signal.throwIfAborted();
			if (!/\.pyi?$/.test(file)) return null;
			if (resident !== null && resident.python !== python.path) end(resident);
			if (resident === null) {
				const confinement = await sandbox.confinement(python, signal);
				if (confinement.kind === "refused") return null;
				resident ??= start(python, confinement.confine(null));
			}
			const { child, waiting } = resident;
			const id = nextId++;
			const answer = new Promise<SyntaxProblem | null>((resolve) => waiting.set(id, resolve));
			child.stdin?.write(`${JSON.stringify({ id, file, text })}\n`);
			try {
				return await orAborted(answer, signal);
			} finally {
				waiting.delete(id);
			}
		},
		dispose() {
			if (resident !== null) end(resident);
		},
	};
}

function parseAnswer(line: string): { readonly id: number; readonly problem: SyntaxProblem | null } | null {
	const value: unknown = JSON.parse(line);
	if (!isRecord(value) || typeof value["id"] !== "number") return null;
	const problem = value["problem"];
	if (!isRecord(problem)) return { id: value["id"], problem: null };
	const row = problem["line"];
	const column = problem["column"];
	const message = problem["message"];
	const isWhole = typeof row === "number" && typeof column === "number" && typeof message === "string";
	return { id: value["id"], problem: isWhole ? { line: row, column, message } : null };
}
