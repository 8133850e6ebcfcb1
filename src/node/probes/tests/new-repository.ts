/** A repository that tests made at the workspace's top: git would obey its hooks and settings, outside the sandbox (threats A19). */
import { type FSWatcher, lstatSync, renameSync, watch } from "node:fs";
import { join } from "node:path";
import { SET_ASIDE_REPOSITORY } from "../../../core/probes/inputs.ts";
import { isPlainRepository } from "./plain-repository.ts";
import type { TestRunner } from "./test-runner.ts";

/**
 * A runner beside which no repository stands at the root that its processes made: its mark is renamed, and the run did not pass.
 * One that appears while nothing but ready processes lives may be the person's: these are ended, and it stays where it holds
 * nothing that git would run.
 * @param onOwn told where a repository of the person's was made after the start; no code of the workspace runs then
 */
export function withoutNewRepository(tests: TestRunner, root: string, onOwn: () => void): TestRunner {
	let isOwn = repositoryMark(root) !== null;
	let watcher: FSWatcher | null = null;
	/** Runs whose processes may still live. */
	let underWay = 0;
	let judging: Promise<void> | null = null;
	/** Renamed, in words, and not told yet. */
	let made: string[] = [];

	const judge = async (): Promise<void> => {
		await tests.empty();
		const mark = repositoryMark(root);
		if (mark === null) return;
		isOwn = mark === ".git" && isPlainRepository(join(root, mark));
		if (isOwn) onOwn();
		else made.push(...setAside(root));
	};
	const look = (): void => {
		if (isOwn || repositoryMark(root) === null) return;
		if (underWay > 0) made.push(...setAside(root));
		else
			judging ??= judge().finally(() => {
				judging = null;
			});
	};
	return {
		...tests,
		async run(request, signal) {
			if (isOwn) return tests.run(request, signal);
			// An editor looks for repositories while the tests still run, and what a run left may make one after it.
			watcher ??= watchFolder(root, look);
			look();
			await judging;
			underWay += 1;
			try {
				const run = await tests.run(request, signal);
				look();
				const told = made;
				made = [];
				return told.length === 0 ? run : { ...run, judgement: madeRepository(told) };
			} finally {
				void tests.settled().then(() => {
					look();
					underWay -= 1;
				});
			}
		},
		dispose() {
			watcher?.close();
			tests.dispose();
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

/** Null where the system has no watches left: then the looks before and after each run must do. */
function watchFolder(root: string, onChange: () => void): FSWatcher | null {
	try {
		return watch(root, { persistent: false }, onChange).on("error", () => undefined);
	} catch {
		return null;
	}
}
