/** What the sidebar's page costs the browser: a long run for it, and the browser's own counts, CPU time among them. */
import { join } from "node:path";
import { build } from "esbuild";
import type { CDPSession } from "playwright-core";
import type { RunEvent } from "../../src/core/events.ts";
import type { WebviewPage } from "./webview-page.ts";

const MS_PER_SECOND = 1_000;
const IDLE_SAMPLES = 9;
/** From here, and from the bundle in out/bench. */
const LONG_RUN = join(import.meta.dirname, "../../test/ui/long-run.ts");

/** Of the page since its start, by the browser's own account. */
export interface PageCost {
	/** CPU time of the page's main thread, in ms: what another program takes of the machine is not in it. */
	readonly mainThreadMs: number;
	readonly nodes: number;
	readonly listeners: number;
	readonly heapBytes: number;
}

/** What one update cost, in CPU ms of the page's main thread, less what two frames cost in which nothing changes. */
export interface UpdateCost {
	readonly type: RunEvent["type"];
	readonly ms: number;
}

/** A long run in a page, as long-run.ts makes it there. */
export interface LongRun {
	/** Adds probed rounds to the run that is shown. */
	addRounds(from: number, to: number, findings: number): Promise<void>;
	/** The cost of each event of whole rounds, one after the other, drawn and painted. */
	rounds(from: number, to: number, findings: number): Promise<readonly UpdateCost[]>;
	/** The cost of each of so many more tool calls of a round. */
	toolCalls(round: number, count: number): Promise<readonly UpdateCost[]>;
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

/** @param costs of the same page */
export async function longRun(view: WebviewPage, costs: Awaited<ReturnType<typeof pageCosts>>): Promise<LongRun> {
	const { page } = view;
	await page.evaluate(await inPage());
	const prepare = (events: string) => page.evaluate<number>(`(longRun.waiting = ${events}).length`);
	const update = () =>
		page.evaluate<RunEvent["type"]>(`(async () => {
			const event = longRun.waiting.shift();
			window.dispatchEvent(new MessageEvent("message", { data: { type: "event", event } }));
			${PAINTED}
			return event.type;
		})()`);
	const costsOf = async (events: string) => {
		const all: UpdateCost[] = [];
		const count = await prepare(events);
		// What was drawn before has left to paint and to collect what is not these updates'.
		await costs(true);
		const idle: number[] = [];
		for (let number = 0; number < IDLE_SAMPLES; number += 1)
			idle.push((await costOf(() => page.evaluate(`(async () => { ${PAINTED} })()`))).ms);
		const idleMs = idle.toSorted((one, other) => one - other)[Math.floor(IDLE_SAMPLES / 2)] ?? 0;
		for (let number = 0; number < count; number += 1) {
			const { value: type, ms } = await costOf(update);
			all.push({ type, ms: Math.max(0, ms - idleMs) });
		}
		return all;
	};
	const costOf = async <T>(work: () => Promise<T>) => {
		const before = await costs();
		const value = await work();
		return { value, ms: (await costs()).mainThreadMs - before.mainThreadMs };
	};
	let calls = 0;
	return {
		async addRounds(from, to, findings) {
			await page.evaluate(`(async () => {
				for (let round = ${from}; round <= ${to}; round++)
					for (const event of longRun.probedRound(round, ${findings}))
						window.dispatchEvent(new MessageEvent("message", { data: { type: "event", event } }));
				${PAINTED}
			})()`);
		},
		rounds: (from, to, findings) =>
			costsOf(
				`Array.from({ length: ${to - from + 1} }, (_, index) => longRun.roundEvents(${from} + index, ${findings})).flat()`,
			),
		toolCalls(round, count) {
			calls += count;
			return costsOf(`[...longRun.toolCalls(${round}, ${calls - count}, ${calls})]`);
		},
	};
}

/** The first frame draws, the second comes after that was painted. */
const PAINTED = "await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));";

async function inPage(): Promise<string> {
	const { outputFiles } = await build({
		...{ entryPoints: [LONG_RUN], bundle: true, format: "iife", platform: "browser", target: "es2023", write: false },
		globalName: "longRun",
		footer: { js: "globalThis.longRun = { ...longRun };" },
	});
	return outputFiles[0]?.text ?? "";
}
