/** A workspace without a disk: the same refusals, paths and hashes as the real one, in a map. */
import { createHash } from "node:crypto";
import { checkPath } from "../../src/core/policy/paths.ts";
import { type Workspace, type WorkspaceChange, WorkspaceError } from "../../src/core/ports.ts";

export interface MemoryWorkspace extends Workspace {
	/** Text by path; a test changes it as a person's editor would. */
	readonly files: Map<string, string>;
	/** What was applied, in order. */
	readonly changes: readonly WorkspaceChange[];
	/** The undo steps that were begun, in order. */
	readonly rounds: readonly number[];
}

export const MEMORY_ROOT = "/memory/project";

export function createMemoryWorkspace(initial: Readonly<Record<string, string>> = {}): MemoryWorkspace {
	const files = new Map(Object.entries(initial));
	const changes: WorkspaceChange[] = [];
	const rounds: number[] = [];

	function pathOf(given: string): string {
		const verdict = checkPath(given, MEMORY_ROOT);
		if (!verdict.ok) throw new WorkspaceError(verdict.code, `${verdict.why}.`);
		return verdict.path;
	}

	function beneath(folder: string): readonly string[] {
		const path = pathOf(folder);
		return [...files.keys()].filter((file) => path === "." || file === path || file.startsWith(`${path}/`)).sort();
	}

	return {
		root: MEMORY_ROOT,
		files,
		changes,
		rounds,
		beginRound: (round) => rounds.push(round),
		async read(given, signal) {
			signal.throwIfAborted();
			const path = pathOf(given);
			const text = files.get(path);
			if (text === undefined) throw new WorkspaceError("missing", `${path} does not exist.`);
			if (text.includes("\0")) throw new WorkspaceError("binary", `${path} is a binary file.`);
			return { path, text, hash: hashOf(text), sizeBytes: Buffer.byteLength(text) };
		},
		async list(folder, limit, signal) {
			signal.throwIfAborted();
			const found = beneath(folder);
			return { files: found.slice(0, limit), truncated: found.length > limit };
		},
		async search(text, folder, limit, signal) {
			signal.throwIfAborted();
			const matches = beneath(folder).flatMap((path) =>
				(files.get(path) ?? "")
					.split(/\r?\n/)
					.flatMap((line, index) =>
						line.toLowerCase().includes(text.toLowerCase()) ? [{ path, line: index + 1, text: line.trim() }] : [],
					),
			);
			return { matches: matches.slice(0, limit), truncated: matches.length > limit };
		},
		async apply(change, signal) {
			signal.throwIfAborted();
			const path = pathOf(change.path);
			const now = files.get(path);
			if (change.kind === "create") {
				if (now !== undefined) throw new WorkspaceError("changed", `${path} exists by now.`);
			} else {
				if (now === undefined) throw new WorkspaceError("missing", `${path} does not exist any more.`);
				if (hashOf(now) !== change.expectedHash) throw new WorkspaceError("changed", `${path} was changed meanwhile.`);
			}
			if (change.kind === "delete") files.delete(path);
			else files.set(path, change.text);
			changes.push(change);
		},
	};
}

export function hashOf(text: string): string {
	return createHash("sha256").update(text).digest("hex");
}
