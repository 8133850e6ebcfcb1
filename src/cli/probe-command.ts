/** `jetbox probe`: one verdict, or with --watch one after every change until interrupted. */

import { UserError } from "../core/errors.ts";
import { reasonAndFix } from "../core/event-words.ts";
import type { Emit } from "../core/events.ts";
import { createEmitter } from "../core/events.ts";
import { probeStep } from "../core/probe-step.ts";
import type { ProbeReport, WorkspaceReport } from "../core/probes/report.ts";
import { verdictOf } from "../core/probes/verdict.ts";
import { jsonLine, visible } from "../core/visible-text.ts";
import type { Command } from "./arguments.ts";
import { createChangeQueue } from "./change-queue.ts";
import { type CliEnvironment, type ExitCode, openConsentedProbes, openFolder } from "./environment.ts";
import { createOwnOutput } from "./own-output.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Probes the workspace.
 * @returns 0 where the (last) verdict is green, else 1
 */
export async function probeCommand(
	command: Extract<Command, { kind: "probe" }>,
	environment: CliEnvironment,
	signal: AbortSignal,
): Promise<ExitCode> {
	const { terminal, clock, logger } = environment;
	const root = await openFolder(command.workspace);
	const probes = await openConsentedProbes(environment, { ...command, root, server: null }, signal);
	const changes = createChangeQueue();
	const output = createOwnOutput();
	const circle = new AbortController();
	const either = AbortSignal.any([signal, circle.signal]);
	const onChange = (paths: readonly string[]) => {
		const own = output.among(paths);
		if (own === null) changes.add();
		else circle.abort(ownOutputError(own));
	};
	const watcher = command.watch
		? await environment.machine({ server: null, sandbox: command.sandbox }).watch(root, onChange)
		: null;
	const emit = createEmitter(clock, [(event) => (command.json ? terminal.out(jsonLine(event)) : undefined)], (error) =>
		logger.error("Output failed.", error),
	);
	let testsWrite = false;
	try {
		let previous: WorkspaceReport | null = null;
		let said = "";
		for (let round = 1; ; round += 1) {
			const step = await settledProbe(round, previous, either);
			// A change that reached no new content says nothing new, unless it was judged anew, or another interpreter judges it otherwise.
			const isNew = previous === null || step.files.length > 0 || step.judgedAnew || step.verdict.detail !== said;
			if (isNew) say(step);
			said = step.verdict.detail;
			previous = step.report;
			if (watcher === null) return verdictOf(step.report, null).state === "green" ? 0 : 1;
			await changes.next(either);
		}
	} finally {
		await watcher?.close();
		await probes.dispose();
	}

	/** A change ends the probe of what was before it, unless the one before was met by changes all the same: tests may write into the folder. */
	async function settledProbe(round: number, previous: WorkspaceReport | null, signal: AbortSignal) {
		changes.taken();
		const changed = changes.nextChange();
		try {
			return await oneProbe(round, previous, testsWrite ? signal : AbortSignal.any([signal, changed]));
		} catch (error) {
			if (signal.aborted || !changed.aborted || testsWrite) throw error;
			changes.taken();
			return { ...(await oneProbe(round, previous, signal)), judgedAnew: true };
		} finally {
			testsWrite = changes.isWaiting();
		}
	}

	async function oneProbe(round: number, previous: WorkspaceReport | null, signal: AbortSignal) {
		let judgedAnew = false;
		const silentVerdict: Emit = (body) => {
			if (body.type === "probe-started" && body.probe === "pytest" && body.wave !== null) judgedAnew = true;
			if (body.type !== "verdict") emit(body);
		};
		const step = await probeStep(
			{
				parts: { probes },
				emit: silentVerdict,
				clock,
				round,
				previous: command.wave === "full" ? null : previous,
			},
			signal,
		);
		// Its own has no probe before it where each one is full.
		return { ...step, judgedAnew, verdict: verdictOf(step.report, previous) };
	}

	function say({ report, verdict, files, filesMs, wallMs }: Awaited<ReturnType<typeof oneProbe>>): void {
		if (!command.json) {
			sayToPeople(terminal, report, verdict.state, verdict.detail, wallMs);
			return;
		}
		emit({
			type: "verdict",
			round: 0,
			files,
			filesMs,
			durationMs: wallMs,
			...verdict,
		});
	}
}

function ownOutputError(file: string): UserError {
	return new UserError(
		"usage",
		`The output goes to ${file}, in the folder that is watched: each verdict there would make the next one.`,
		"Write it to a file outside of the folder.",
	);
}

function sayToPeople(terminal: Terminal, report: WorkspaceReport, state: string, detail: string, wallMs: number): void {
	for (const probe of [report.pytest, report.ruff]) {
		if (probe.status === "not-run") {
			terminal.out(`${probe.probe} did not run: ${visible(reasonAndFix(probe))}`);
			continue;
		}
		for (const finding of probe.findings) {
			terminal.out(
				visible(
					`${finding.file}:${finding.line}:${finding.column} ${finding.code} ${finding.message.split("\n", 1)[0]}`,
				),
			);
			if (finding.probe === "pytest" && finding.hint !== undefined) terminal.out(visible(`    ${finding.hint}`));
		}
	}
	for (const probe of [report.pytest, report.ruff]) {
		if (probe.status !== "not-run") terminal.out(terminal.style("dim", visible(howWords(probe))));
	}
	const colour = state === "green" ? "green" : "yellow";
	const known = report.pytest.cache === "hit" && report.ruff.cache === "hit" ? `; ${report.pytest.why}` : "";
	terminal.out(`${terminal.style(colour, state)}: ${visible(detail)} (${Math.round(wallMs)} ms${visible(known)})`);
}

/** How an answer was had: `pytest: wave A, forked, 180 ms; 1 file changed; 1 test file affected`. */
function howWords({ probe, cache, wave, form, durationMs, why }: ProbeReport): string {
	const means =
		cache === "hit" ? ["known already"] : [...(wave === null ? [] : [`wave ${wave}`]), form ?? "nothing to run"];
	return `${probe}: ${[...means, `${Math.round(durationMs)} ms`].join(", ")}; ${why}`;
}
