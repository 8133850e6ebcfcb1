/** A repository that tests made at the workspace's top: git would obey its hooks and settings, outside the sandbox (threats A19). */
import { type FSWatcher, lstatSync, renameSync, watch } from "node:fs";
import { join } from "node:path";
import { SET_ASIDE_REPOSITORY } from "../../core/probes/inputs.ts";
import type { TestRunner } from "./test-runner.ts";

/** A runner during whose runs no repository stands at the root that was not there before: its mark is renamed, and the run did not pass. */
export function withoutNewRepository(tests: TestRunner, root: string): TestRunner {
	return {
		...tests,
		async run(request, signal) {
			if (repositoryMark(root) !== null) return tests.run(request, signal);
			const made: string[] = [];
			const look = () => made.push(...setAside(root));
			// An editor looks for repositories while the tests still run.
			const watcher = watchFolder(root, look);
			try {
				const run = await tests.run(request, signal);
				look();
				return made.length === 0 ? run : { ...run, judgement: madeRepository(made) };
			} finally {
				watcher?.close();
				look();
			}
		},
	};
}

function madeRepository(made: readonly string[]) {
	return {
		status: "not-run",
		reason: "crashed",
		message: `the tests made a repository, which git would obey outside the sandbox: ${made.join(", ")}`,
		fix: "Look at what makes it; tests should make repositories in tmp_path.",
	} as const;
}

/** What was renamed, in words. */
function setAside(root: string): readonly string[] {
	const mark = repositoryMark(root);
	if (mark === null) return [];
	for (let number = 1; ; number += 1) {
		const name = `${SET_ASIDE_REPOSITORY}-${number}`;
		if (isThere(root, name)) continue;
		try {
			renameSync(join(root, mark), join(root, name));
			return [`${mark}, now ${name}`];
		} catch {
			// The tests took it away again.
			return [];
		}
	}
}

/** By what git takes the folder for a repository, bare ones included (gitrepository-layout(5)); null where it does not. */
function repositoryMark(root: string): ".git" | "HEAD" | null {
	if (isThere(root, ".git")) return ".git";
	const isBare = (isThere(root, "objects") && isThere(root, "refs")) || isThere(root, "commondir");
	return isBare && isThere(root, "HEAD") ? "HEAD" : null;
}

function isThere(root: string, name: string): boolean {
	return lstatSync(join(root, name), { throwIfNoEntry: false }) !== undefined;
}

/** Null where the system has no watches left: then the look at the end must do. */
function watchFolder(root: string, onChange: () => void): FSWatcher | null {
	try {
		return watch(root, { persistent: false }, onChange).on("error", () => undefined);
	} catch {
		return null;
	}
}
