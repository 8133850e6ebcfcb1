/** What the sidebar's page costs the browser: a long run for it, and the browser's own counts, CPU time among them. */
import type { CDPSession } from "playwright-core";
import type { WebviewPage } from "./webview-page.ts";

const MS_PER_SECOND = 1_000;
const SETTLING_UPDATES = 5;

/** Of the page since its start, by the browser's own account. */
export interface PageCost {
	/** CPU time of the page's main thread, in ms: what another program takes of the machine is not in it. */
	readonly mainThreadMs: number;
	readonly nodes: number;
	readonly listeners: number;
	readonly heapBytes: number;
}

/** @returns what the page has cost up to the moment of the call; `clean` collects garbage first, for counts that compare */
export async function pageCosts({ page }: WebviewPage): Promise<(clean?: boolean) => Promise<PageCost>> {
	const session: CDPSession = await page.context().newCDPSession(page);
	await session.send("Performance.enable", { timeDomain: "threadTicks" });
	return async (clean = false) => {
		if (clean) await session.send("HeapProfiler.collectGarbage");
		const { metrics } = await session.send("Performance.getMetrics");
		const of = (wanted: string) => metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN;
		return {
			mainThreadMs: of("TaskDuration") * MS_PER_SECOND,
			nodes: of("Nodes"),
			listeners: of("JSEventListeners"),
			heapBytes: of("JSHeapUsedSize"),
		};
	};
}

/** Adds rounds to the run that is shown, each probed with `findings` lint findings; made in the page, as texts of megabytes take long. */
export async function addRounds({ page }: WebviewPage, from: number, to: number, findings: number): Promise<void> {
	await page.evaluate(`(async () => {
		const found = Array.from({ length: ${findings} }, (_, n) => ({
			probe: "ruff", file: "pkg/mod_" + (n % 40) + ".py", line: n + 1, column: 1, endLine: n + 1, endColumn: 5,
			code: "F401", message: "name_" + n + " imported but unused", severity: "warning", url: null, fixable: true,
		}));
		const send = (event) => window.dispatchEvent(new MessageEvent("message", { data: { type: "event", event } }));
		for (let round = ${from}; round <= ${to}; round++) {
			const at = round * 10;
			const probe = { round, probe: "ruff", scope: "full", wave: null, seq: at };
			send({ type: "round-started", round, seq: at, at });
			send({ ...probe, type: "probe-started", at });
			send({
				...probe, type: "probe-finished", at: at + 5, form: null, durationMs: 5, cache: "miss", why: "x",
				status: "findings", findings: found,
			});
			const phases = { model: 0, probe: 5, context: 0, tools: 1 };
			send({ type: "round-finished", round, seq: at, at: at + 8, durationMs: 8, phases });
		}
		await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
	})()`);
}

/** One more tool call of a round, drawn and painted: the work of one update. */
export async function oneUpdate({ page }: WebviewPage, round: number, call: number): Promise<void> {
	await page.evaluate(`(async () => {
		const event = { type: "tool-started", round: ${round}, name: "read_file", callId: "c${call}", target: "a.py" };
		const data = { type: "event", event: { ...event, seq: 0, at: ${round} * 10 + ${call} } };
		window.dispatchEvent(new MessageEvent("message", { data }));
		await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
	})()`);
}

/** CPU ms of the page's main thread for each of `count` updates, ascending. */
export async function updateCosts(
	view: WebviewPage,
	costs: Awaited<ReturnType<typeof pageCosts>>,
	round: number,
	count: number,
): Promise<readonly number[]> {
	const each: number[] = [];
	// What the rounds before have left to paint and to collect is not an update's.
	for (let call = 0; call < SETTLING_UPDATES; call += 1) await oneUpdate(view, round, count + call);
	for (let call = 0; call < count; call += 1) {
		const before = await costs();
		await oneUpdate(view, round, call);
		each.push((await costs()).mainThreadMs - before.mainThreadMs);
	}
	return each.sort((one, other) => one - other);
}
