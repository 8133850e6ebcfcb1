/** The log channel: what happened, and the ROUND lines. */
import type { LogOutputChannel } from "vscode";
import { escalationWords, lintFixedWords, reasonAndFix } from "../core/event-words.ts";
import type { RunEvent } from "../core/events.ts";
import type { Logger } from "../core/ports.ts";
import { formatRoundLine } from "../core/round-line.ts";
import type { Timeline } from "../core/timeline.ts";
import { visible } from "../core/visible-text.ts";

export function createChannelLogger(channel: LogOutputChannel): Logger {
	return {
		info: (message) => channel.info(visible(message)),
		warn: (message) => channel.warn(visible(message)),
		error: (message, error) => {
			const words = error instanceof Error ? (error.stack ?? error.message) : error === undefined ? "" : String(error);
			channel.error(visible(words === "" ? message : `${message} ${words}`));
		},
	};
}

/** @param timeline with the event already in it */
export function logEvent(logger: Logger, event: RunEvent, timeline: Timeline): void {
	switch (event.type) {
		case "run-started":
			logger.info(`Run ${event.runId} with ${event.model} (${event.protocol} calls): ${JSON.stringify(event.task)}`);
			break;
		case "round-finished": {
			const entry = timeline.rounds.find(({ round }) => round === event.round);
			if (entry !== undefined) logger.info(formatRoundLine(entry));
			break;
		}
		case "tool-finished":
			logger.info(`${event.name} ${event.code} ${event.files.join(", ")}`.trim());
			break;
		case "probe-finished":
			if (event.status === "not-run")
				logger.warn(`${event.probe} did not run (${event.reason}): ${reasonAndFix(event)}`);
			break;
		case "lint-fixed":
			logger.info(lintFixedWords(event));
			break;
		case "escalated":
			logger.info(escalationWords(event));
			break;
		case "notice":
			logger.info(event.message);
			break;
		case "undone":
			logger.info(`Undone: ${event.files.join(", ")}`);
			break;
		case "run-finished":
			logger.info(`Run ended: ${event.outcome.kind}. ${event.outcome.reason} ${event.outcome.fix ?? ""}`.trim());
			break;
		default:
			break;
	}
}
