/** Where the store of each workspace lies within Jetbox's own folder. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "./sha256.ts";

const RUNS = "runs";

/** The folder of a workspace's runs and lock. @param root its real path */
export function workspaceStore(stateDir: string, root: string): string {
	return join(stateDir, sha256(Buffer.from(root)).slice(0, 32));
}

/** The folder of all runs of a workspace. @param root its real path */
export function runsFolder(stateDir: string, root: string): string {
	return join(workspaceStore(stateDir, root), RUNS);
}

/** The workspaces' run folders that a store holds. */
export async function listStores(stateDir: string): Promise<readonly string[]> {
	const names = await readdir(stateDir).catch(() => []);
	return names.filter((name) => /^[0-9a-f]{32}$/.test(name)).map((name) => join(stateDir, name, RUNS));
}
