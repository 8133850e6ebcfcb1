/** A test runner whose runs tell which files of the workspace they were seen to write. */
import type { TestRunner } from "./test-runner.ts";

export interface RunWrites {
	readonly tests: TestRunner;
	/** Files (workspace-relative) that runs wrote since it was asked last. */
	take(): ReadonlySet<string>;
}

export function watchWrites(tests: TestRunner): RunWrites {
	let written = new Set<string>();
	return {
		tests: {
			...tests,
			async run(request, signal) {
				const result = await tests.run(request, signal);
				for (const { writes } of result.observed?.values() ?? []) for (const file of writes) written.add(file);
				return result;
			},
		},
		take() {
			const taken = written;
			written = new Set();
			return taken;
		},
	};
}
