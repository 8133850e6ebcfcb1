/** The person's answers that outlast a command, in Jetbox's own folder and never in a workspace. */
import { join } from "node:path";
import { isListOf, isText } from "../core/record/guards.ts";
import { folderIdentity } from "./folder-identity.ts";
import { readSealed, writeSealed } from "./sealed-file.ts";

const FILE = "without-sandbox.json";

export interface Consents {
	/** Whether tests of this folder, with its programs as they are, were allowed without a sandbox. */
	has(root: string): boolean;
	/** The file of earlier answers where it is damaged, so that they are asked anew; otherwise null. */
	damaged(): string | null;
	add(root: string): void;
}

/** @param stateDir outside every workspace */
export function createConsents(stateDir: string): Consents {
	const path = join(stateDir, FILE);
	const read = () => readSealed(path, isListOf(isText));
	const allowed = () => {
		const answers = read();
		return answers.kind === "whole" ? answers.value : [];
	};
	return {
		has: (root) => allowed().includes(folderIdentity(root)),
		damaged: () => (read().kind === "damaged" ? path : null),
		add: (root) => writeSealed(path, [...new Set([...allowed(), folderIdentity(root)])]),
	};
}
