/** The person's answers that outlast a command, in Jetbox's own folder and never in a workspace. */
import { appendFileSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { folderIdentity } from "./folder-identity.ts";

const FILE = "without-sandbox.txt";

export interface Consents {
	/** Whether tests of this folder, with its programs as they are, were allowed without a sandbox. */
	has(root: string): boolean;
	add(root: string): void;
}

/** @param stateDir outside every workspace */
export function createConsents(stateDir: string): Consents {
	const path = join(stateDir, FILE);
	return {
		has: (root) => linesOf(path).includes(folderIdentity(root)),
		add(root) {
			mkdirSync(stateDir, { recursive: true, mode: 0o700 });
			appendFileSync(path, `${folderIdentity(root)}\n`, { mode: 0o600 });
		},
	};
}

function linesOf(path: string): readonly string[] {
	try {
		return readFileSync(path, "utf8").split("\n");
	} catch {
		return [];
	}
}
