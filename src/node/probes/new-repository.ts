/** A repository that tests made at the workspace's top: git would obey its hooks and settings, outside the sandbox (threats A19). */
import { lstatSync, renameSync } from "node:fs";
import { join } from "node:path";
import { SET_ASIDE_REPOSITORY } from "../../core/probes/inputs.ts";
import type { TestRunner } from "./test-runner.ts";

/** A runner after whose runs no `.git` stands at the root that was not there before: it is renamed, and the run did not pass. */
export function withoutNewRepository(tests: TestRunner, root: string): TestRunner {
	return {
		...tests,
		async run(request, signal) {
			const before = isRepository(root);
			try {
				const run = await tests.run(request, signal);
				const aside = before ? null : setAside(root);
				return aside === null ? run : { ...run, judgement: madeRepository(aside) };
			} finally {
				if (!before) setAside(root);
			}
		},
	};
}

function madeRepository(aside: string) {
	return {
		status: "not-run",
		reason: "crashed",
		message: `the tests made a .git, which git would obey outside the sandbox; it was renamed to ${aside}`,
		fix: "Look at what makes it; tests should make repositories in tmp_path.",
	} as const;
}

/** The name it has now, or null where there is none. */
function setAside(root: string): string | null {
	if (!isRepository(root)) return null;
	for (let number = 1; ; number += 1) {
		const name = `${SET_ASIDE_REPOSITORY}-${number}`;
		if (lstatSync(join(root, name), { throwIfNoEntry: false }) !== undefined) continue;
		renameSync(join(root, ".git"), join(root, name));
		return name;
	}
}

function isRepository(root: string): boolean {
	return lstatSync(join(root, ".git"), { throwIfNoEntry: false }) !== undefined;
}
