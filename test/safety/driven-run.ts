/** The driven run (test/fixtures/run-driver.ts) under strace: where its system calls are, and what one fault among them leaves. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	realpathSync,
	rmSync,
	statSync,
	utimesSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { halfDoneRound } from "../../src/core/record/kept-run.ts";
import { openRun, resumableRun, undoAlone } from "../../src/node/workspace/open-run.ts";
import { DRIVER_FILES, DRIVER_MARK, DRIVER_TEXTS } from "../fixtures/run-driver-script.ts";

/** Calls that change something, or make it last. */
export const SWEPT_CALLS = [
	"write",
	"fsync",
	"rename",
	"openat",
	"mkdir",
	"link",
	"unlink",
	"fchmod",
	"close",
] as const;
export type SweptCall = (typeof SWEPT_CALLS)[number];

/** One system call of the run: the n-th of its name in its thread. */
export interface CallPoint {
	readonly name: SweptCall;
	readonly number: number;
	readonly line: string;
}

export interface Fault {
	readonly point: CallPoint;
	/** `KILL`, or the name of an error. */
	readonly what: string;
}

export interface Driven {
	/** Null: killed. */
	readonly code: number | null;
	/** The traced lines, as strace writes them. */
	readonly lines: readonly string[];
}

export interface Driver {
	/** The run without a fault, with all its calls on files. */
	trace(): Promise<{ readonly points: readonly CallPoint[]; readonly lines: readonly string[] }>;
	/** The run in a new ground, with one fault, and what is wrong after it. */
	tryFault(
		fault: Fault,
	): Promise<{ readonly driven: Driven; readonly hit: boolean; readonly wrong: readonly string[] }>;
	remove(): void;
}

interface Ground {
	readonly folder: string;
	readonly root: string;
	readonly stateDir: string;
}

const { signal } = new AbortController();
const UNDO = { runId: null, round: null, choose: async () => "keep" as const, unsavedFiles: () => [] };
const NEWER = "a = 3\n";

export async function openDriver(): Promise<Driver> {
	const folder = realpathSync(mkdtempSync(join(tmpdir(), "jetbox-driver-")));
	const script = join(folder, "driver.mjs");
	await build({
		entryPoints: [join(import.meta.dirname, "../fixtures/run-driver.ts")],
		bundle: true,
		platform: "node",
		format: "esm",
		target: "node20",
		outfile: script,
		logLevel: "error",
	});
	let grounds = 0;

	function openGround(): Ground {
		grounds += 1;
		const own = join(folder, String(grounds));
		const ground = { folder: own, root: join(own, "workspace"), stateDir: join(own, "state") };
		for (const path of [ground.root, ground.stateDir]) mkdirSync(path, { recursive: true });
		for (const [path, text] of Object.entries(DRIVER_FILES))
			writeFileSync(join(ground.root, path), text, { mode: 0o640 });
		return ground;
	}

	async function drive(
		{ folder: own, root, stateDir }: Ground,
		traced: readonly string[],
		inject: string | null,
	): Promise<Driven> {
		const log = join(own, "trace");
		const args = ["-f", "-y", "-qq", "-o", log, "-e", `trace=${traced.join(",")}`];
		if (inject !== null) args.push("-e", `inject=${inject}`);
		const child = spawn("/usr/bin/strace", [...args, process.execPath, script, root, stateDir], {
			stdio: ["ignore", "ignore", "pipe"],
			// With one thread in the pool the calls of the run have one order.
			env: { ...process.env, UV_THREADPOOL_SIZE: "1" },
		});
		child.stderr.resume();
		const [code]: readonly unknown[] = await once(child, "close");
		return { code: typeof code === "number" ? code : null, lines: readFileSync(log, "utf8").split("\n") };
	}

	return {
		async trace() {
			const ground = openGround();
			const { code, lines } = await drive(ground, [...SWEPT_CALLS, "statx"], null);
			if (code !== 0) throw new Error(`the driven run ended with ${code}`);
			return { lines, points: pointsIn(lines, ground) };
		},
		async tryFault({ point: { name, number }, what }) {
			const ground = openGround();
			const kind = what === "KILL" ? "signal=KILL" : `error=${what}`;
			const driven = await drive(ground, [name], `${name}:${kind}:when=${number}`);
			const injected = driven.lines.find((line) => line.includes("(INJECTED)"));
			const hit = what === "KILL" ? driven.code === null || driven.code === KILLED : isOnFile(injected ?? "", ground);
			const wrong = await wrongIn(ground, driven);
			rmSync(ground.folder, { recursive: true, force: true });
			return { driven, hit, wrong };
		},
		remove: () => rmSync(folder, { recursive: true, force: true }),
	};
}

/** As a shell tells SIGKILL. */
const KILLED = 137;

/** The calls on files of the thread that does the run's work, after the run's beginning. */
function pointsIn(lines: readonly string[], ground: Ground): readonly CallPoint[] {
	const worker = threadOf(lines.findLast((line) => line.includes(" rename(")) ?? "");
	const begin = lines.findIndex((line) => line.includes(DRIVER_MARK));
	const counts = new Map<string, number>();
	const points: CallPoint[] = [];
	for (const [index, line] of lines.entries()) {
		const name = SWEPT_CALLS.find((known) => line.includes(` ${known}(`));
		if (threadOf(line) !== worker || name === undefined) continue;
		const number = (counts.get(name) ?? 0) + 1;
		counts.set(name, number);
		if (index > begin && isOnFile(line, ground)) points.push({ name, number, line });
	}
	return points;
}

function threadOf(line: string): string {
	return line.split(" ", 1)[0] ?? "";
}

function isOnFile(line: string, { folder }: Ground): boolean {
	return line.includes(folder);
}

/** Bytes, modes and folders; temporary files of a killed write are left out where that is asked. */
function picture(root: string): Readonly<Record<string, string>> {
	const names = readdirSync(root, { recursive: true }).map(String).sort();
	return Object.fromEntries(
		names.map((name) => {
			const stat = statSync(join(root, name));
			const mode = (stat.mode & 0o7777).toString(8);
			return [name, stat.isDirectory() ? "folder" : `${mode} ${readFileSync(join(root, name), "utf8")}`];
		}),
	);
}

const ORIGINAL = Object.fromEntries(Object.entries(DRIVER_FILES).map(([path, text]) => [path, `640 ${text}`]));

/** What each file may be after a kill: one of the texts that stood there, whole. */
function allowed(path: string): readonly (string | null)[] {
	const written = Object.values(DRIVER_TEXTS).flatMap((changes) => changes.filter((change) => change.path === path));
	return [DRIVER_FILES[path] ?? null, ...written.map(({ text }) => text)];
}

/**
 * Looks at what a run left: every file old or new; a run that did not end can go on, under its own name and with its next round;
 * and undo brings back the start, to the byte, mode and folder.
 */
async function wrongIn({ root, stateDir }: Ground, { code }: Driven): Promise<readonly string[]> {
	const wrong: string[] = [];
	const left = readdirSync(root, { recursive: true }).map(String);
	for (const name of left.filter((one) => one.endsWith(".tmp"))) {
		if (code !== null && code !== KILLED)
			wrong.push(`the temporary file ${name} is left by a process that was not killed`);
		utimesSync(join(root, name), 1, 1);
	}
	for (const path of ["a.py", "pkg/b.py", "c.py"]) {
		const text = left.includes(path) ? readFileSync(join(root, path), "utf8") : null;
		if (!allowed(path).includes(text)) wrong.push(`${path} is neither old nor new: ${JSON.stringify(text)}`);
	}
	try {
		const place = { root, stateDir };
		const found = await resumableRun(place, null);
		if (found === null && left.join() !== Object.keys(DRIVER_FILES).join())
			wrong.push("a run that changed files cannot go on");
		if (found !== null) {
			const half = halfDoneRound(found.run);
			if (half !== null && !found.run.rounds.includes(half)) wrong.push("the half-done round is none of the run's");
			const opened = await openRun(place, found.run.runId);
			await opened.record.keep({ kind: "resumed" });
			opened.workspace.beginRound((found.run.rounds.at(-1)?.round ?? 0) + 1);
			const { hash } = await opened.workspace.read("a.py", signal);
			await opened.workspace.apply({ kind: "replace", path: "a.py", text: NEWER, expectedHash: hash }, signal);
			await opened.dispose();
			if (readdirSync(root, { recursive: true }).some((name) => String(name).endsWith(".tmp")))
				wrong.push("a temporary file was not swept at the next start");
		}
		const undone = await undoAlone(place, UNDO, signal);
		if (undone !== null && undone.skipped.length > 0) wrong.push(`undo left ${JSON.stringify(undone.skipped)}`);
	} catch (error) {
		wrong.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
	}
	const now = picture(root);
	if (JSON.stringify(now) !== JSON.stringify(ORIGINAL)) wrong.push(`not as at the start: ${JSON.stringify(now)}`);
	return wrong;
}
