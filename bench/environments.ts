/** Virtual environments of the benchmark, under the git-ignored cache; made once, kept while their requirements stay. */
import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { listedOutcomes, type Outcomes } from "./outcomes.ts";

const start = promisify(execFile);
const WINDOWS = process.platform === "win32";
const PLUGIN = "jetbox_bench_outcomes";

/** A Python with ruff and pytest whose runs can be recorded. */
export interface Environment {
	readonly folder: string;
	readonly python: string;
	readonly pytest: string;
	readonly ruff: string;
	/** From now on (or no longer) every pytest that is configured in this environment, parked ones too, writes its outcomes down. */
	setRecording(on: boolean): void;
	/** What was written down during the work. @throws Error unless recording is on */
	recorded<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly outcomes: Outcomes }>;
}

export const TOOLS = ["pytest==9.1.1", "ruff==0.16.9"] as const;

export const HEAVY = [
	...TOOLS,
	"numpy==2.4.6",
	"pandas==3.1.1",
	"pydantic==2.14.4",
	"requests==2.34.2",
	"sqlalchemy==2.1.9",
	"pytest-xdist==3.8.0",
	"pytest-cov==7.1.0",
	"pytest-asyncio==1.5.0",
	"pytest-timeout==2.4.0",
	"anyio==4.16.0",
	"hypothesis==6.170.17",
] as const;

/** What people use today for the same purpose. */
export const RIVALS = [...TOOLS, "pytest-xdist==3.8.0", "pytest-testmon==2.2.0", "pytest-watcher==0.6.3"] as const;

/**
 * @param python any Python with venv
 * @param cache folder for all environments
 * @throws Error with pip's last words
 */
export async function ensureEnvironment(
	python: string,
	cache: string,
	name: string,
	requirements: readonly string[],
): Promise<Environment> {
	const folder = join(cache, name);
	const program = programOf(folder, "python");
	const stamp = join(folder, "requirements.txt");
	const wanted = requirements.join("\n");
	if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== wanted) {
		console.error(`bench: making the environment ${name} ...`);
		rmSync(folder, { recursive: true, force: true });
		mkdirSync(cache, { recursive: true });
		await start(python, ["-m", "venv", folder]);
		await installInto(program, requirements);
		writeFileSync(stamp, wanted);
	}
	return openEnvironment(folder);
}

/** A virtual environment that is there, with ruff and pytest in it; its runs can be recorded from now on. */
export async function openEnvironment(folder: string): Promise<Environment> {
	const python = programOf(folder, "python");
	await installRecorder(python);
	const outcomesFolder = join(folder, "outcomes");
	return {
		folder,
		python,
		pytest: programOf(folder, "pytest"),
		ruff: programOf(folder, "ruff"),
		setRecording(on) {
			rmSync(outcomesFolder, { recursive: true, force: true });
			if (on) mkdirSync(outcomesFolder);
		},
		async recorded(work) {
			for (const name of readdirSync(outcomesFolder)) rmSync(join(outcomesFolder, name));
			const result = await work();
			return { result, outcomes: listedOutcomes(outcomesFolder) };
		},
	};
}

function programOf(environment: string, tool: string): string {
	return join(environment, WINDOWS ? "Scripts" : "bin", WINDOWS ? `${tool}.exe` : tool);
}

/** @throws Error with pip's last words */
export async function installInto(python: string, args: readonly string[]): Promise<void> {
	const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...args];
	await start(python, pip, { maxBuffer: 16 * 1024 * 1024 });
}

/** Where the benchmark's own Python files lie, seen from the source and from the bundle in out/bench. */
export function benchPython(file: string): string {
	const beside = join(import.meta.dirname, "python", file);
	return existsSync(beside) ? beside : join(import.meta.dirname, "../../bench/python", file);
}

async function installRecorder(python: string): Promise<void> {
	const { stdout } = await start(python, ["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]);
	const site = stdout.trim();
	const source = benchPython(`${PLUGIN}.py`);
	const target = join(site, `${PLUGIN}.py`);
	if (existsSync(target) && readFileSync(target, "utf8") === readFileSync(source, "utf8")) return;
	cpSync(source, target);
	const info = join(site, `${PLUGIN}-1.dist-info`);
	mkdirSync(info, { recursive: true });
	writeFileSync(join(info, "METADATA"), `Metadata-Version: 2.1\nName: ${PLUGIN.replaceAll("_", "-")}\nVersion: 1\n`);
	writeFileSync(join(info, "entry_points.txt"), `[pytest11]\n${PLUGIN} = ${PLUGIN}\n`);
}
