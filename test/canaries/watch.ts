/** Watches a program under test and all that it starts: their sockets while they run, and which of them are left when it has ended. */
import { setTimeout as sleep } from "node:timers/promises";
import { commandOf, isRunning, type ProcessMark, processesTagged, processTree } from "../fixtures/processes.ts";
import { type SocketUse, socketsOf } from "./sockets.ts";

const SAMPLE_MS = 200;
const LEFT_GRACE_MS = 10_000;
const POLL_MS = 50;

export interface Watch {
	/** What was seen so far. */
	sockets(): readonly SocketUse[];
	/** Every process that was seen so far below the program, and the program. */
	processes(): readonly ProcessMark[];
	/** Looks at once, besides each time that it is due. */
	look(): void;
	stop(): void;
}

/** @param roots whose trees are watched, asked anew each time; Linux only, nothing is seen elsewhere */
export function watchProcesses(roots: () => readonly number[]): Watch {
	const sockets = new Map<string, SocketUse>();
	const processes = new Map<string, ProcessMark>();
	const look = () => {
		if (process.platform !== "linux") return;
		const now = roots().flatMap(processTree);
		for (const mark of now) processes.set(`${mark.pid} ${mark.started}`, mark);
		for (const use of socketsOf(now)) sockets.set(JSON.stringify(use), use);
	};
	const timer = process.platform === "linux" ? setInterval(look, SAMPLE_MS) : undefined;
	look();
	return {
		sockets: () => [...sockets.values()],
		processes: () => [...processes.values()],
		look,
		stop: () => clearInterval(timer),
	};
}

/**
 * Waits for processes to end by themselves.
 * @param seen of a watch, wherever they moved since
 * @param tag a text in the environment of all that was started
 * @returns the command lines of those that did not, in words
 */
export async function processesLeft(
	seen: readonly ProcessMark[],
	tag: string,
	graceMs = LEFT_GRACE_MS,
): Promise<readonly string[]> {
	if (process.platform !== "linux") return [];
	const look = () => {
		const left = [...seen, ...processesTagged(tag)].filter(isRunning);
		return [...new Set(left.map(({ pid }) => pid))];
	};
	let left = look();
	for (let waited = 0; left.length > 0 && waited < graceMs; waited += POLL_MS) {
		await sleep(POLL_MS);
		left = look();
	}
	return left.map((pid) => `left running: ${pid} ${commandOf(pid)}`);
}
