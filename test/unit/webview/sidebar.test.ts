import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundle } from "../../../scripts/l10n.mjs";
import type { RunEvent } from "../../../src/core/events.ts";
import { EMPTY_TIMELINE, reduce } from "../../../src/core/timeline.ts";
import type { EmptyState } from "../../../src/protocol.ts";
import { timePartsOf } from "../../../src/webview/time-parts.ts";
import { failingTest } from "../../fakes/reports.ts";
import { eventLog } from "../../fixtures/events.ts";
import {
	readySnapshot,
	startWebviewBrowser,
	THEMES,
	type WebviewBrowser,
	type WebviewPage,
} from "../../ui/webview-page.ts";

const screenshots = join(import.meta.dirname, "../../ui/screenshots");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let browser: WebviewBrowser;

beforeAll(async () => {
	mkdirSync(screenshots, { recursive: true });
	browser = await startWebviewBrowser();
});
afterAll(() => browser?.close());

async function withPage(
	options: Parameters<WebviewBrowser["open"]>[0],
	use: (view: WebviewPage) => Promise<void>,
): Promise<void> {
	const view = await browser.open(options);
	try {
		await use(view);
		expect(view.complaints).toEqual([]);
		expect(view.strayRequests).toEqual([]);
	} finally {
		await view.close();
	}
}

const narrow = { theme: "dark-modern", width: 320 } as const;
const messages = (events: readonly RunEvent[]) => events.map((event) => ({ type: "event", event }));
const status = (running: boolean, empty: EmptyState = { kind: "ready" }) => ({
	type: "status",
	empty,
	running,
	model: "m",
	folder: null,
	reviewableRun: "",
});

/** Up to where the model writes its second answer. */
function halfway(): readonly RunEvent[] {
	const log = eventLog("green");
	return log.slice(0, 1 + log.findLastIndex(({ type }) => type === "model-delta"));
}

/** Rule ids with the elements at fault. The page's policy forbids injected script tags; evaluation is the debugger's. */
async function axeProblems({ page }: WebviewPage): Promise<readonly string[]> {
	await page.evaluate(axe);
	return page.evaluate<readonly string[]>(`axe.run(document).then(({ violations }) =>
		violations.map(({ id, nodes }) => id + ": " + nodes.map(({ html }) => html).join(" ")))`);
}

describe.each(THEMES)("%s", (theme) => {
	test.each([180, 320, 900])(
		"a run under way and a finished one at %i px: screenshots, axe, no sideways scroll",
		async (width) => {
			await withPage({ theme, width }, async (view) => {
				const fits = () => view.page.evaluate<boolean>("document.documentElement.scrollWidth <= window.innerWidth");
				await view.send(readySnapshot({ running: true, task: "Make the failing tests pass." }), ...messages(halfway()));
				await view.page.screenshot({
					path: join(screenshots, `sidebar-${theme}-${width}-running.png`),
					fullPage: true,
				});
				expect(await axeProblems(view)).toEqual([]);
				expect(await fits()).toBe(true);
				await view.send(...messages(eventLog("green").slice(halfway().length)), status(false));
				await view.page.locator(".round > summary").last().click();
				await view.page.locator(".tools > summary:visible").first().click();
				await view.page.screenshot({
					path: join(screenshots, `sidebar-${theme}-${width}-finished.png`),
					fullPage: true,
				});
				expect(await axeProblems(view)).toEqual([]);
				expect(await fits()).toBe(true);
			});
		},
	);
});

test("every empty state has words and its action, and passes axe", async () => {
	const states: readonly (readonly [EmptyState, string])[] = [
		[{ kind: "no-folder" }, "open-folder"],
		[{ kind: "untrusted" }, "retry"],
		[{ kind: "no-server", server: "http://127.0.0.1:11434", fix: "Start it: ollama serve" }, "retry"],
		[{ kind: "no-model", fix: "Get one: ollama pull qwen2.5-coder:7b" }, "retry"],
		[{ kind: "no-pytest", fix: "Run: python -m pip install pytest" }, "retry"],
		[{ kind: "virtual" }, "clone"],
		[{ kind: "no-python-files" }, "templates"],
		[{ kind: "no-tests" }, "templates"],
		[{ kind: "no-runs", inSample: false }, "sample-project"],
		[{ kind: "no-runs", inSample: true }, "check-setup"],
	];
	await withPage(narrow, async (view) => {
		for (const [empty, action] of states) {
			await view.send(readySnapshot({ empty }));
			await view.page.screenshot({ path: join(screenshots, `sidebar-empty-${empty.kind}.png`) });
			expect(await axeProblems(view)).toEqual([]);
			await view.page.locator(".empty-state button").first().click();
			expect((await view.posted()).at(-1)).toEqual({ type: "action", action });
		}
	});
});

test("a path with a blank is offered in quotes, and completed beyond its blank", async () => {
	await withPage(narrow, async (view) => {
		await view.send(readySnapshot());
		const box = view.page.locator("#task");
		const offer = { type: "completions", items: [{ label: '#file:"Week 1/ex1.py"', detail: "" }] };
		for (const typed of ["#file:Week", '#file:"Week 1/e']) {
			await box.fill("");
			await box.pressSequentially(`Fix ${typed}`);
			expect((await view.posted()).at(-1)).toEqual({ type: "complete", text: typed });
			await view.send({ ...offer, text: typed });
			await box.press("Enter");
			expect(await box.inputValue()).toBe('Fix #file:"Week 1/ex1.py" ');
		}
	});
});

test("the keyboard alone types a task, runs it, stops it and opens a finding", async () => {
	await withPage(narrow, async (view) => {
		const { keyboard } = view.page;
		await view.send(readySnapshot());
		await keyboard.press("Tab");
		await keyboard.press("Control+Enter");
		expect(await view.page.locator("#task-problem").textContent()).toBe("Write what should be done.");
		await keyboard.type("Fix it");
		await keyboard.press("Control+Enter");
		expect(await view.posted()).toEqual([{ type: "ready" }, { type: "run", task: "Fix it" }]);
		await view.send(status(true), ...messages(halfway()));
		await keyboard.press("Control+Enter");
		expect(await view.page.locator("#task-problem").textContent()).toBe("A run is on. Stop it first.");
		await keyboard.press("Tab");
		await keyboard.press("Enter");
		expect((await view.posted()).at(-1)).toEqual({ type: "stop" });
		for (let presses = 0; presses < 30; presses++) {
			await keyboard.press("Tab");
			if (await view.page.evaluate<boolean>(`document.activeElement.classList.contains("finding")`)) break;
		}
		await keyboard.press("Space");
		expect((await view.posted()).at(-1)).toEqual({ type: "open", file: "tests/test_cart.py", line: 20, column: 1 });
	});
});

test("a round at work is open; once the run is over all are folded, and a chosen one stays as it was", async () => {
	await withPage(narrow, async (view) => {
		const open = () =>
			view.page.evaluate<readonly string[]>(
				`[...document.querySelectorAll(".round[open] .round-title")].map(({ textContent }) => textContent)`,
			);
		await view.send(readySnapshot({ running: true }), ...messages(halfway()));
		expect(await open()).toEqual(["Round 2"]);
		await view.send(...messages(eventLog("green").slice(halfway().length)), status(false));
		expect(await open()).toEqual([]);
		await view.page.locator(".round > summary").last().click();
		expect(await open()).toEqual(["Round 1"]);
		await view.send(status(false));
		expect(await open()).toEqual(["Round 1"]);
	});
});

test("a round's details name each program once, with its last answer and how that was had, and only parts with time", async () => {
	const log = eventLog("green");
	const wanted = log.reduce(reduce, EMPTY_TIMELINE).rounds.at(-1);
	if (wanted === undefined) throw new Error("The log has no round.");
	await withPage(narrow, async (view) => {
		await view.send(readySnapshot(), ...messages(log), status(false));
		await view.page.locator(".round > summary").first().click();
		const round = view.page.locator(".round").first();
		const names = await round.locator(".facts dt").allTextContents();
		expect(names.filter((name) => name === "ruff" || name === "pytest")).toEqual(["ruff", "pytest"]);
		expect(wanted.probes.filter(({ probe }) => probe === "ruff").length).toBeGreaterThan(1);
		const parts = Object.entries(timePartsOf(wanted)).filter(([, ms]) => ms > 0);
		expect(await round.locator(".part dt").allTextContents()).toEqual(parts.map(([name]) => name));
		expect(await round.locator(".facts dd").allTextContents()).toMatchInlineSnapshot(`
			[
			  "3 before, 0 after: 3 fixed",
			  "tests/test_cart.py::test_total",
			  "0 problems · affected, then full · cached · 1 file changed",
			  "16 passed · affected, then full · 1 file changed",
			]
		`);
	});
});

test("the first failing test stands in the details while its wave still runs", async () => {
	const log = eventLog("green");
	const start = log.findIndex((event) => event.type === "probe-started" && event.round === 2);
	const [before, at] = [log.slice(0, start), log[start]?.at ?? 0];
	const [started, finding] = [log[start], failingTest("tests/test_cart.py::test_total[\u202e]", "no")];
	if (started?.type !== "probe-started") throw new Error("The log has no such round.");
	const running: RunEvent = { ...started, probe: "pytest", wave: "A" };
	await withPage(narrow, async (view) => {
		const failing: RunEvent = { seq: started.seq + 1, at, round: 2, type: "probe-failing", finding };
		await view.send(readySnapshot({ running: true }), ...messages([...before, running, failing]));
		const details = view.page.locator(".round[open] .facts dd");
		expect(await details.last().textContent()).toMatch(
			/^running, failing: tests\/test_cart\.py::test_total\[U\+202E\] · affected · wave A/,
		);
	});
});

test("a run that was undone no longer passes for green, and offers no undo", async () => {
	await withPage(narrow, async (view) => {
		await view.send(readySnapshot(), ...messages(eventLog("green")), status(false));
		const undo = view.page.locator(".status .actions", { hasText: "Undo Run" });
		expect(await undo.count()).toBe(1);
		await view.send(...messages([{ type: "undone", files: ["shop/cart.py", "shop/price.py"], seq: 0, at: 0 }]));
		expect(await view.page.locator(".state-words").textContent()).toMatch(
			/^Undone: shop\/cart\.py, shop\/price\.py\. /,
		);
		expect(await undo.count()).toBe(0);
	});
});

test("changes are offered to look at only where they are those of the run that is shown", async () => {
	await withPage(narrow, async (view) => {
		const offers = async () => {
			const visible = view.page.locator("button:visible");
			const names = await visible.evaluateAll<readonly string[], unknown>((buttons) =>
				buttons.map((button) => button.getAttribute("aria-label") ?? button.textContent ?? ""),
			);
			return names.filter((name) => /^(?:Show Changes|Diff|Undo)/.test(name));
		};
		const ofRound = ["Diff of shop/price.py in round 1"];
		const own = { reviewableRun: "r1" };
		await view.send(readySnapshot(own), ...messages(eventLog("green")));
		await view.page.locator(".round > summary").last().click();
		expect(await offers()).toEqual([
			...["Show Changes", "Undo Run"],
			...ofRound,
			...["Show Changes (round 1)", "Undo This Round (1)"],
		]);
		await view.page.locator(".show-changes:visible").first().click();
		expect((await view.posted()).at(-1)).toEqual({ type: "changes", runId: "r1", round: 1, file: "shop/price.py" });
		// Another folder's run has taken their place.
		await view.send({ ...status(false), reviewableRun: "r2" });
		expect(await offers()).toEqual(["Undo Run", "Undo This Round (1)"]);
		const timeline = eventLog("green").reduce(reduce, EMPTY_TIMELINE);
		await view.send(readySnapshot({ past: "r1", timeline, reviewableRun: "r2" }));
		expect(await offers()).toEqual([]);
		await view.send(readySnapshot({ past: "r1", timeline, ...own }));
		expect(await offers()).toEqual(["Show Changes", ...ofRound, "Show Changes (round 1)"]);
	});
});

test("a run of the history is shown from its top, and so is the newest again", async () => {
	await withPage(narrow, async (view) => {
		const top = () => view.page.evaluate<number>("window.scrollY");
		await view.send(readySnapshot(), ...messages(eventLog("green")), status(false));
		await view.page.mouse.wheel(0, 400);
		await expect.poll(top).toBeGreaterThan(0);
		await view.send(readySnapshot({ past: "run-of-before" }), ...messages(eventLog("green")));
		expect(await top()).toBe(0);
		await view.page.mouse.wheel(0, 400);
		await expect.poll(top).toBeGreaterThan(0);
		await view.send(readySnapshot(), ...messages(eventLog("green")));
		expect(await top()).toBe(0);
	});
});

test("state changes are announced, tokens are not", async () => {
	await withPage(narrow, async (view) => {
		await view.send(readySnapshot({ running: true }), ...messages(halfway().slice(0, -1)));
		const said = await view.page.locator("[aria-live]").textContent();
		await view.send(...messages(halfway().slice(-1)));
		expect(said).toBe("Round 2 of 12: the model writes. 1 failed, 15 passed, 2 lint findings");
		expect(await view.page.locator("[aria-live]").textContent()).toBe(said);
		expect(await view.page.locator(".live-text").getAttribute("aria-hidden")).toBe("true");
	});
});

test("A54 A69 A70 A71 hostile text is shown as text and asks nothing of the network", async () => {
	const hostile = `<img src=x onerror="window.owned=1"></script><script>window.owned=1</script>\u2028![](http://127.0.0.1:9/?k=S) [x](command:evil) \u001b[31m\u202ereversed\u200b`;
	const seen = `<img src=x onerror="window.owned=1"></script><script>window.owned=1</script>U+2028![](http://127.0.0.1:9/?k=S) [x](command:evil) U+001B[31mU+202EreversedU+200B`;
	const poisoned: readonly unknown[] = JSON.parse(
		JSON.stringify(eventLog("green"), (key, value: unknown) =>
			typeof value === "string" &&
			["message", "text", "task", "file", "target", "why", "detail", "testId"].includes(key)
				? hostile
				: value,
		),
	);
	await withPage({ theme: "dark-modern", width: 900 }, async (view) => {
		await view.send(readySnapshot({ running: true, model: hostile, task: hostile }));
		await view.send(...poisoned.slice(0, halfway().length).map((event) => ({ type: "event", event })));
		const text = await view.page.locator("#app").textContent();
		expect(text).toContain(seen);
		for (const hidden of ["\u2028", "\u001b", "\u202e", "\u200b"]) expect(text).not.toContain(hidden);
		expect(await view.page.locator("img, script, a, iframe, #app style").count()).toBe(2);
		expect(await view.page.evaluate("window.owned")).toBeUndefined();
	});
});

test("A72 garbage and forged messages change nothing and throw nothing", async () => {
	const [started] = eventLog("green");
	await withPage(narrow, async (view) => {
		await view.send(readySnapshot(), ...messages(halfway()));
		const before = await view.page.locator("#app").innerHTML();
		const event = (body: object) => ({ type: "event", event: { seq: 1, at: 1, ...body } });
		await view.send(
			...[null, 7, "x", [], {}, { type: "snapshot" }, { type: "snapshot", snapshot: null }, { type: "event" }],
			{ type: "event", event: { ...started, task: 7 } },
			{ type: "status", empty: { kind: "evil" }, running: true, model: null },
			{
				type: "snapshot",
				snapshot: {
					empty: { kind: "ready" },
					task: "",
					running: false,
					model: null,
					timeline: { ...EMPTY_TIMELINE, rounds: [{}] },
				},
			},
			event({ type: "__proto__" }),
			event({ type: "model-delta", round: "1", text: {} }),
			event({ type: "probe-finished", round: 1, probe: "ruff", status: "findings", findings: "many" }),
			event({ type: "run-finished", outcome: { kind: "toString" } }),
		);
		expect(await view.page.locator("#app").innerHTML()).toBe(before);
	});
});

test("no text of the view is hard-coded: with every translation marked, nothing is left unmarked", async () => {
	const words = Object.fromEntries(Object.keys(bundle(null)).map((text) => [text, `⟦${text}⟧`]));
	const data: string[] = [];
	// Names, code and the model's words are data; what the core tells is not.
	const isTold = (key: string) => ["reason", "fix", "detail", "why"].includes(key);
	JSON.stringify([eventLog("green"), readySnapshot()], (key, value: unknown) => {
		const own = typeof value !== "string" ? "" : isTold(key) ? (value.split(" says: ")[1] ?? "") : value;
		if (own.length > 2) data.push(own);
		return value;
	});
	data.sort((one, other) => other.length - one.length);
	const states: readonly EmptyState[] = [
		{ kind: "ready" },
		{ kind: "no-folder" },
		{ kind: "virtual" },
		{ kind: "untrusted" },
		{ kind: "no-python-files" },
		{ kind: "no-tests" },
		{ kind: "no-runs", inSample: false },
		{ kind: "no-server", server: "s", fix: "" },
		{ kind: "no-model", fix: "" },
		{ kind: "no-pytest", fix: "" },
	];
	const history = [
		{
			...{ runId: "r0", task: "t", model: "m", startedAt: "2026-11-25T10:00:00Z", outcome: "stopped" as const },
			...{ rounds: 2, durationMs: 9, totals: { model: 1, probe: 1, context: 1, tools: 1 }, filesChanged: 1 },
		},
	];
	await withPage(narrow, async (view) => {
		for (const empty of states) {
			// The run's own parts are the same in all of them.
			const log = empty.kind === "ready" ? messages(eventLog("green")) : [];
			await view.send(readySnapshot({ empty, words, history, running: true }), ...log);
			// What is folded may be filled only when it is opened, and may hold more that is folded.
			for (let depth = 0; depth < 3; depth += 1)
				await view.page.evaluate(
					`for (const fold of document.querySelectorAll("details:not([open])")) fold.open = true`,
				);
			const shown = await view.page.evaluate<readonly string[]>(`[
				...[...document.querySelectorAll("#app *")].flatMap((element) => [
					...["aria-label", "title", "placeholder"].flatMap((name) => element.getAttribute(name) ?? []),
					...[...element.childNodes].filter(({ nodeType }) => nodeType === 3).map(({ data }) => data),
				]),
			]`);
			const marked = /⟦[^⟦⟧]*(?:⟦[^⟦⟧]*⟧[^⟦⟧]*)*⟧/g;
			const unmarked = shown
				.map((text) => data.reduce((rest, known) => rest.replaceAll(known, ""), text.replace(marked, "")))
				.filter((text) =>
					/[A-Za-z]{3}/.test(text.replace(/Jetbox|ruff|pytest|Ctrl\+Enter|\p{L}+ \d+, \d+:\d+ [AP]M/gu, "")),
				);
			expect(unmarked).toEqual([]);
		}
	});
});

test("F77 a hidden view comes back from one snapshot, draft included", async () => {
	await withPage(narrow, async (view) => {
		await view.send(readySnapshot({ running: true }), ...messages(halfway()));
		await view.page.fill("#task", "half a thought");
		const shown = await view.page.locator(".rounds").textContent();
		await view.page.reload();
		await view.send(...messages(halfway().slice(-1)));
		expect(await view.page.locator("#app").isVisible()).toBe(false);
		await view.send(readySnapshot({ running: true, timeline: halfway().reduce(reduce, EMPTY_TIMELINE) }));
		expect(await view.page.locator(".rounds").textContent()).toBe(shown);
		expect(await view.page.inputValue("#task")).toBe("half a thought");
	});
});
