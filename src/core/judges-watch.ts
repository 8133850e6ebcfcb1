/** Whether what judges a run was changed by another hand than the run's own: its tests, which may write anything, or a person. */
import { judgedByWords } from "./policy/weakening.ts";
import type { Probes } from "./ports.ts";
import type { RunState } from "./run-state.ts";

/**
 * Probes that note, for the status, each such file that changed since the probe before.
 * @param state told of the run's own changes, and of these
 */
export function watchJudges(
	probes: Probes,
	{ filesChanged, filesRestored, weakened }: Pick<RunState, "filesChanged" | "filesRestored" | "weakened">,
): Probes {
	let isFirst = true;
	return {
		async probe(request, onProgress, signal) {
			const report = await probes.probe(request, onProgress, signal);
			// What changed before the run is its start.
			const own = new Set([...filesChanged, ...filesRestored]);
			if (!isFirst) for (const words of judgedByWords(report.changedFiles, own)) weakened.add(words);
			isFirst = false;
			return report;
		},
		checkSyntax: (file, text, signal) => probes.checkSyntax(file, text, signal),
		fixLint: (fix, signal) => probes.fixLint(fix, signal),
	};
}
