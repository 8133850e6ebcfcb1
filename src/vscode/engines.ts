/** One probe engine for each folder of the workspace, started when it is first asked, with its newest report. */
import type { EngineProbes, Machine } from "../core/machine.ts";
import type { WorkspaceReport } from "../core/probes/report.ts";

export class Engines {
	private readonly engines = new Map<string, EngineProbes>();
	private readonly reports = new Map<string, WorkspaceReport>();

	constructor(private readonly machine: Pick<Machine, "openProbes">) {}

	/** @param root absolute path of the folder */
	of(root: string): EngineProbes {
		const known = this.engines.get(root);
		if (known !== undefined) return known;
		const opened = this.machine.openProbes(root);
		this.engines.set(root, opened);
		return opened;
	}

	/** Null before the first probe outside a run, and after a run. */
	lastReport(root: string): WorkspaceReport | null {
		return this.reports.get(root) ?? null;
	}

	keepReport(root: string, report: WorkspaceReport | null): void {
		if (report === null) this.reports.delete(root);
		else this.reports.set(root, report);
	}

	/** Ends those of the folders, or all of them, so that the next probe starts one with the settings of then. */
	async close(roots: readonly string[] = [...this.engines.keys()]): Promise<void> {
		const open = roots.flatMap((root) => this.engines.get(root) ?? []);
		for (const root of roots) {
			this.engines.delete(root);
			this.reports.delete(root);
		}
		await Promise.all(open.map((engine) => engine.dispose()));
	}
}
