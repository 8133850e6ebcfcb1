/** Processes that carry a mark in their environment, wherever they moved: catches setsid and double forks, not `env -i`. */
import { readdirSync, readFileSync } from "node:fs";

/** Ids of this user's processes with `name=value`, or `name=value-` and more, in their environment; Linux only, none elsewhere. */
export function findTagged(name: string, value: string): readonly number[] {
	if (process.platform !== "linux") return [];
	const mark = `${name}=${value}`;
	return readdirSync("/proc")
		.filter((entry) => /^\d+$/.test(entry))
		.map(Number)
		.filter(
			(pid) =>
				pid !== process.pid && environmentOf(pid).some((entry) => entry === mark || entry.startsWith(`${mark}-`)),
		);
}

/** Kills them all. */
export function killTagged(name: string, value: string): void {
	for (const pid of findTagged(name, value)) {
		try {
			process.kill(pid, "SIGKILL");
		} catch {
			// ESRCH: it ended meanwhile.
		}
	}
}

function environmentOf(pid: number): readonly string[] {
	try {
		return readFileSync(`/proc/${pid}/environ`, "latin1").split("\0");
	} catch {
		// Another user's, or gone.
		return [];
	}
}
