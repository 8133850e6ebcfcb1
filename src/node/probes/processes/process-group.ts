/** Ends a child with all that it started in its own group. */
import type { ChildProcess } from "node:child_process";

/** The child was started `detached`, so that its group is its own. */
export function killGroup(child: ChildProcess, name: "SIGTERM" | "SIGKILL"): void {
	if (child.pid === undefined) return;
	if (process.platform === "win32") {
		child.kill(name);
		return;
	}
	try {
		process.kill(-child.pid, name);
	} catch {
		// ESRCH: the group is empty.
	}
}
