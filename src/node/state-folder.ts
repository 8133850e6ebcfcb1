/** Where Jetbox keeps the runs of all workspaces, for the editor and the command line alike: the platform's folder for state. */
import { homedir } from "node:os";
import { join } from "node:path";

/** @param env XDG_STATE_HOME and LOCALAPPDATA are honoured where the platform uses them */
export function stateFolder(
	env: Readonly<Record<string, string | undefined>>,
	platform: string = process.platform,
): string {
	if (platform === "darwin") return join(homedir(), "Library/Application Support/jetbox");
	if (platform === "win32") return join(env["LOCALAPPDATA"] ?? join(homedir(), "AppData/Local"), "jetbox");
	return join(env["XDG_STATE_HOME"] ?? join(homedir(), ".local/state"), "jetbox");
}
