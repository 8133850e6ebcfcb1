/** What the run itself changes, told to the probes, which look there first. */
import type { Probes, Workspace } from "./ports.ts";

/** The same workspace and the same probes, each of which is told what was changed since the one before it. */
export function tellOwnChanges({ probes, workspace }: { readonly probes: Probes; readonly workspace: Workspace }): {
	readonly probes: Probes;
	readonly workspace: Workspace;
} {
	const changed = new Set<string>();
	return {
		workspace: {
			...workspace,
			async apply(change, signal) {
				await workspace.apply(change, signal);
				changed.add(change.path);
			},
		},
		probes: {
			...probes,
			probe(request, onProgress, signal) {
				if (request.background === true || changed.size === 0) return probes.probe(request, onProgress, signal);
				const files = [...changed];
				changed.clear();
				return probes.probe({ ...request, changed: files }, onProgress, signal);
			},
		},
	};
}
