/** A run that is killed once it has changed something, for the host tests: by the launcher before the editor opens, and by the suite. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";

const TASK = "Make the failing tests pass and fix the lint errors";
/** A round that changed a file is over; the next one's probe begins. */
const CHANGED = /"type":"tool-finished"[^\n]*"files":\["[\s\S]*"type":"round-finished"/;

/** @throws Error when the run ended by itself before that */
export async function cutOffRun({ extensionPath, workspace, python, stateHome }) {
	const args = ["run", TASK, "--workspace", workspace, "--json", "--model", "practice", "--approve", "edits"];
	const child = spawn(process.execPath, [join(extensionPath, "dist/cli.js"), ...args, "--sandbox", "off"], {
		stdio: ["ignore", "pipe", "inherit"],
		env: {
			...process.env,
			// The desktop's own executable is no Node without it.
			ELECTRON_RUN_AS_NODE: "1",
			VIRTUAL_ENV: dirname(dirname(python)),
			XDG_STATE_HOME: stateHome,
		},
	});
	let out = "";
	child.stdout.on("data", (chunk) => {
		out += chunk;
		if (CHANGED.test(out)) child.kill("SIGKILL");
	});
	const [code] = await once(child, "close");
	const runId = /"runId":"([^"]+)"/.exec(out)?.[1];
	if (code !== null || runId === undefined) throw new Error(`The run was not cut off (${code}):\n${out}`);
	return runId;
}
