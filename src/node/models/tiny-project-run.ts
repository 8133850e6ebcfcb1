/** A real run of the loop on a fresh copy of a tiny project, in a folder of its own that is removed afterwards. */
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TinyProject } from "../../core/benchmark/projects.ts";
import type { ProjectSample } from "../../core/benchmark/report.ts";
import type { ChatModel, Logger } from "../../core/ports.ts";
import type { ProbeSettings } from "../../core/probes/engine-messages.ts";
import { run } from "../../core/run.ts";
import { clock } from "../clock.ts";
import { createEngineProbes } from "../engine-client.ts";
import { pythonCandidates } from "../probes/tools/interpreter.ts";
import { openDiskWorkspace } from "../workspace/disk-workspace.ts";

const MAX_ROUNDS = 6;
const MAX_MINUTES = 10;
const NO_PROGRESS_ROUNDS = 3;

export interface ProjectRunParts {
	readonly enginePath: string;
	readonly probes: ProbeSettings;
	/** Workspace whose interpreter is used where the person named none, or null. */
	readonly root: string | null;
	readonly logger: Logger;
}

/** @returns the run's sample, or in words why no run can be made: the model's code runs in a sandbox or not at all */
export async function runTinyProject(
	project: TinyProject,
	model: ChatModel,
	{ enginePath, probes: settings, root, logger }: ProjectRunParts,
	signal: AbortSignal,
): Promise<ProjectSample | string> {
	const folder = await realpath(await mkdtemp(join(tmpdir(), "jetbox-benchmark-")));
	const pythonPath = settings.pythonPath ?? workspacePython(root);
	const place = join(folder, "project");
	const probes = createEngineProbes({ enginePath, root: place, settings: { ...settings, pythonPath }, logger });
	try {
		await writeProject(place, project);
		const obstacle = (await probes.describe(signal)).find(
			({ tool, state }) =>
				state !== "ok" &&
				(tool === "pytest" || tool === "python" || (tool === "sandbox" && settings.sandbox !== "off")),
		);
		if (obstacle !== undefined) return `${obstacle.detail} ${obstacle.fix}`.trim();
		const runId = randomUUID();
		const workspace = await openDiskWorkspace({ root: place, runId, stateDir: join(folder, "state") });
		const startedAt = clock.now();
		let rounds = 0;
		const outcome = await run(
			// Nothing to take up again: the folder is gone after the run.
			{
				model,
				probes,
				workspace,
				approver: { approve: async () => "refused" },
				record: { keep: async () => undefined },
			},
			{
				runId,
				task: project.task,
				maxRounds: MAX_ROUNDS,
				maxMinutes: MAX_MINUTES,
				approve: "edits",
				noProgressRounds: NO_PROGRESS_ROUNDS,
				resume: null,
				notices: [],
			},
			[
				(event) => {
					if (event.type === "run-finished") rounds = event.rounds;
				},
			],
			{ clock, logger },
			signal,
		);
		const durationMs = clock.now() - startedAt;
		return { project: project.name, green: outcome.kind === "green", durationMs, rounds, reason: outcome.reason };
	} finally {
		await probes.dispose();
		await rm(folder, { recursive: true, force: true });
	}
}

async function writeProject(folder: string, { files }: TinyProject): Promise<void> {
	for (const [path, text] of Object.entries(files)) {
		await mkdir(dirname(join(folder, path)), { recursive: true });
		await writeFile(join(folder, path), text);
	}
}

/** The tiny project has no environment of its own; the workspace's has pytest. */
function workspacePython(root: string | null): string | null {
	if (root === null) return null;
	return pythonCandidates(root, null, process.env).find((path) => existsSync(path)) ?? null;
}
