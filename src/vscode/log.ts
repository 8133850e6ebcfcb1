/** The log channel: what happened, and the ROUND lines. */
import type { LogOutputChannel } from "vscode";
import type { RunEvent } from "../core/events.ts";
import type { Logger } from "../core/ports.ts";
import { formatRoundLine } from "../core/round-line.ts";
import type { Timeline } from "../core/timeline.ts";

export function createChannelLogger(channel: LogOutputChannel): Logger {
	return {
		info: (message) => channel.info(message),
		warn: (message) => channel.warn(message),
		error: (message, error) =>
			channel.error(
				message,
				...(error === undefined ? [] : [error instanceof Error ? (error.stack ?? error.message) : String(error)]),
			),
	};
}

/** @param timeline with the event already in it */
export function logEvent(channel: LogOutputChannel, event: RunEvent, timeline: Timeline): void {
	switch (event.type) {
		case "run-started":
			channel.info(`Run ${event.runId} with ${event.model} (${event.protocol} calls): ${JSON.stringify(event.task)}`);
			break;
		case "round-finished": {
			const entry = timeline.rounds.find(({ round }) => round === event.round);
			if (entry !== undefined) channel.info(formatRoundLine(entry));
			break;
		}
		case "tool-finished":
			channel.info(`${event.name} ${event.code} ${event.files.join(", ")}`.trim());
			break;
		case "probe-finished":
			if (event.status === "not-run")
				channel.warn(`${event.probe} did not run (${event.reason}): ${event.message} ${event.fix}`);
			break;
		case "notice":
			channel.info(event.message);
			break;
		case "run-finished":
			channel.info(`Run ended: ${event.outcome.kind}. ${event.outcome.reason} ${event.outcome.fix ?? ""}`.trim());
			break;
		default:
			break;
	}
}
