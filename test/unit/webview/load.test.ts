import { afterAll, beforeAll, expect, test } from "vitest";
import type { RunEvent } from "../../../src/core/events.ts";
import { eventLog } from "../../fixtures/events.ts";
import { longRun, pageCosts, type UpdateCost } from "../../ui/page-load.ts";
import { readySnapshot, startWebviewBrowser, type WebviewBrowser } from "../../ui/webview-page.ts";

const UPDATES = 20;
const ROUNDS = 200;
const FINDINGS = 2_000;
/** A node or two of a tooltip or a timer may come and go. */
const LEAK_SHARE = 1.02;
/** Compiled code comes and goes. */
const HEAP_SHARE = 1.25;

let browser: WebviewBrowser;
beforeAll(async () => {
	browser = await startWebviewBrowser();
});
afterAll(() => browser?.close());

const sorted = (costs: readonly UpdateCost[]) => costs.map(({ ms }) => ms).sort((one, other) => one - other);
const median = (ascending: readonly number[]) => ascending[Math.floor(ascending.length / 2)] ?? Number.NaN;
const messages = (events: readonly RunEvent[]) => events.map((event) => ({ type: "event", event }));

test("F78 an update at round 200 with 2,000 findings costs the page about what it costs at round 5", async () => {
	const view = await browser.open({ theme: "dark-modern", width: 320 });
	try {
		const costs = await pageCosts(view);
		const [started] = eventLog("green");
		await view.send(readySnapshot({ running: true }), { type: "event", event: started });
		const run = await longRun(view, costs);
		await run.addRounds(1, 5, FINDINGS);
		const early = sorted(await run.toolCalls(5, UPDATES));
		await run.addRounds(6, ROUNDS, FINDINGS);
		expect(await view.page.locator(".round").count()).toBe(12);
		expect(await view.page.locator(".finding").count()).toBe(100);
		const late = sorted(await run.toolCalls(ROUNDS, UPDATES));
		console.info(
			`CPU of one update: ${median(early).toFixed(1)} ms at round 5, ${median(late).toFixed(1)} ms at round ${ROUNDS}, at most ${late.at(-1)?.toFixed(1)} ms`,
		);
		expect(median(late)).toBeLessThanOrEqual(2.5 * median(early));
		await view.page.locator(".rounds").getByRole("button", { name: "Show 12 more of 188" }).click();
		expect(await view.page.locator(".round").count()).toBe(24);
		expect(await view.page.evaluate(`document.activeElement.textContent`)).toContain("Round 188");
		await view.page
			.locator(".findings")
			.getByRole("button", { name: /more of/ })
			.click();
		expect(await view.page.locator(".finding").count()).toBe(200);
		expect(await view.page.evaluate(`[...document.querySelectorAll(".finding")].indexOf(document.activeElement)`)).toBe(
			100,
		);
		expect(view.complaints).toEqual([]);
	} finally {
		await view.close();
	}
});

test("20 runs one after the other leave neither nodes nor listeners nor heap behind", async () => {
	const view = await browser.open({ theme: "dark-modern", width: 320 });
	try {
		const costs = await pageCosts(view);
		await view.send(readySnapshot({ running: true }));
		const run = async (number: number) => {
			const log = eventLog("green").map((event) =>
				event.type === "run-started" ? { ...event, runId: `run-${number}` } : event,
			);
			await view.send(...messages(log));
			await view.page.locator(".round > summary").first().click();
		};
		await run(1);
		await run(2);
		const before = await costs(true);
		for (let number = 3; number <= 20; number += 1) await run(number);
		// What is collected at the second look was no leak; what leaks stays.
		await expect
			.poll(
				async () => {
					const { nodes, listeners, heapBytes } = await costs(true);
					return {
						nodes: nodes <= before.nodes * LEAK_SHARE,
						listeners: listeners <= before.listeners * LEAK_SHARE,
						heap: heapBytes <= before.heapBytes * HEAP_SHARE,
					};
				},
				{ timeout: 10_000 },
			)
			.toEqual({ nodes: true, listeners: true, heap: true });
		expect(view.complaints).toEqual([]);
	} finally {
		await view.close();
	}
});
