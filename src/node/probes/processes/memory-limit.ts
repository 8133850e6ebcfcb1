/** A cap on the memory of a program that reads whatever the workspace holds. */
import { existsSync, readFileSync } from "node:fs";
import type { Launch } from "./confine.ts";

/** Of util-linux; it becomes the program that it starts. */
const PRLIMIT = "/usr/bin/prlimit";
const BYTES_PER_MB = 1024 * 1024;

/**
 * The launch with so much memory of its own and no more (RLIMIT_DATA, setrlimit(2)): what the program cannot have, it says so of.
 * As it is where the limit is null, and where the system has no prlimit(1).
 */
export function withMemoryLimit(launch: Launch, limitMb: number | null): Launch {
	if (limitMb === null || !existsSync(PRLIMIT)) return launch;
	const bytes = Math.min(Math.ceil(limitMb * BYTES_PER_MB), highestLimit());
	return { ...launch, command: PRLIMIT, args: [`--data=${bytes}`, launch.command, ...launch.args] };
}

/** In bytes; only root may ask for more than this process has. */
function highestLimit(): number {
	try {
		const [, hard] = /^Max data size +\S+ +(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8")) ?? [];
		return hard === undefined ? Number.MAX_SAFE_INTEGER : Number(hard);
	} catch {
		return Number.MAX_SAFE_INTEGER;
	}
}
