/** What tells a process from a later one that got the same id: the moment of its start, as the system counts it. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

/** Field 22 of /proc/PID/stat (proc(5)), counted from the state that follows the name in parentheses. */
const START_FIELD = 19;

/** Equal for one process however often it is asked; empty where there is no such process or the system does not say. */
export async function processStart(pid: number): Promise<string> {
	if (process.platform === "win32") return "";
	if (process.platform !== "linux") {
		const { stdout } = await promisify(execFile)("ps", ["-o", "lstart=", "-p", String(pid)]).catch(() => ({
			stdout: "",
		}));
		return stdout.trim();
	}
	try {
		// Ticks are counted from the boot, so the same number may stand for a process of another one.
		const boot = (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim();
		const stat = await readFile(`/proc/${pid}/stat`, "utf8");
		// The name may hold spaces and parentheses.
		const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
		return `${boot} ${fields[START_FIELD] ?? ""}`;
	} catch {
		return "";
	}
}
