/**
 * The sidebar's page in Chromium, beside the editor: what an update costs at 200 rounds with 2,000 problems, whichever event it is, and
 * whether the page keeps up with a log that is replayed at ten times its speed. Arguments: the file of the event log, and that of the results.
 */
import { readFileSync, writeFileSync } from "node:fs";
import type { RunEvent } from "../src/core/events.ts";
import { longRun, pageCosts } from "../test/ui/page-load.ts";
import { readySnapshot, startWebviewBrowser, type WebviewBrowser } from "../test/ui/webview-page.ts";
import type { Result } from "./measure.ts";

const ROUNDS = 200;
const FINDINGS = 2_000;
/** Of which each event is measured; the scale of the timeline changes among them. */
const MEASURED_ROUNDS = 5;
const UPDATE_GOAL_MS = 16;
const REPLAY_SPEED = 10;
const REPLAY_SECONDS = 5;
/** Of a model that writes 50 tokens a second. */
const DELTA_MS = 20;
const FRAMES_A_SECOND = 60;
/** A frame that the browser itself leaves out is not the page's. */
const FRAMES_SHARE = 0.95;
const SIDEBAR = { theme: "dark-modern", width: 320 } as const;

const [logPath = "", resultPath = ""] = process.argv.slice(2);
const LOG = spoken(
	readFileSync(logPath, "utf8")
		.trimEnd()
		.split("\n")
		.map((line): RunEvent => JSON.parse(line)),
);
const browser = await startWebviewBrowser();
try {
	writeFileSync(resultPath, JSON.stringify([await updateRow(browser), await replayRow(browser)]));
} finally {
	await browser.close();
}

async function updateRow(pages: WebviewBrowser): Promise<Result> {
	const view = await pages.open(SIDEBAR);
	try {
		const costs = await pageCosts(view);
		const [started] = LOG;
		await view.send(readySnapshot({ running: true }), { type: "event", event: started });
		const run = await longRun(view, costs);
		const from = ROUNDS - MEASURED_ROUNDS + 1;
		await run.addRounds(1, from - 1, FINDINGS);
		const each = (await run.rounds(from, ROUNDS, FINDINGS)).toSorted((one, other) => one.ms - other.ms);
		const at = (share: number) => each[Math.min(each.length - 1, Math.floor(each.length * share))]?.ms ?? Number.NaN;
		const [median, p90, worst] = [at(0.5), at(0.9), at(1)];
		return {
			id: "page-update",
			what: `sidebar, CPU of one update in rounds ${from} to ${ROUNDS} with ${FINDINGS} problems: median ${median.toFixed(1)}, p90 ${p90.toFixed(1)} ms, worst of ${each.length} (${each.at(-1)?.type})`,
			measured: `${worst.toFixed(1)} ms`,
			goal: `<= ${UPDATE_GOAL_MS} ms`,
			met: worst <= UPDATE_GOAL_MS,
			figures: { median, p90, worst },
		};
	} finally {
		await view.close();
	}
}

/** The log with each answer written word by word, up to the end of its call. */
function spoken(log: readonly RunEvent[]): readonly RunEvent[] {
	return log.flatMap((event, index): readonly RunEvent[] => {
		if (event.type !== "model-delta") return [event];
		const words = Math.max(1, Math.floor(((log[index + 1]?.at ?? event.at) - event.at) / DELTA_MS));
		return Array.from({ length: words }, (_, word) => ({ ...event, at: event.at + word * DELTA_MS }));
	});
}

/** The log over and over, each event at a tenth of its time, all that are due delivered once a frame. */
async function replayRow(pages: WebviewBrowser): Promise<Result> {
	const view = await pages.open(SIDEBAR);
	try {
		const costs = await pageCosts(view);
		await view.send(readySnapshot({ running: true }));
		const before = await costs();
		const seconds = REPLAY_SECONDS;
		const frames = await view.page.evaluate<number>(`(async () => {
			const log = ${JSON.stringify(LOG)};
			const length = log.at(-1).at;
			const startedAt = performance.now();
			let frames = 0;
			for (let sent = 0; performance.now() - startedAt < ${seconds * 1_000}; frames++) {
				const now = (performance.now() - startedAt) * ${REPLAY_SPEED};
				for (;;) {
					const event = log[sent % log.length];
					const cycle = Math.floor(sent / log.length);
					if (cycle * length + event.at > now) break;
					const data = { type: "event", event: event.type === "run-started" ? { ...event, runId: "r" + cycle } : event };
					window.dispatchEvent(new MessageEvent("message", { data }));
					sent++;
				}
				await new Promise((resolve) => requestAnimationFrame(resolve));
			}
			return frames;
		})()`);
		const rate = frames / seconds;
		const share = ((await costs()).mainThreadMs - before.mainThreadMs) / (seconds * 1_000);
		return {
			id: "page-replay",
			what: `sidebar, updates a second while a run's events are replayed at ${REPLAY_SPEED} times their speed; CPU of its main thread ${(share * 100).toFixed(0)} %`,
			measured: `${rate.toFixed(1)} a second`,
			goal: `>= ${FRAMES_A_SECOND * FRAMES_SHARE} a second`,
			met: rate >= FRAMES_A_SECOND * FRAMES_SHARE,
			figures: { rate, share },
		};
	} finally {
		await view.close();
	}
}
