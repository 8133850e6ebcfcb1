/** The benchmark's page in a real browser: three themes, axe, keyboard, hostile names, progress. Leaves screenshots. */
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { BenchmarkReport, ModelBenchmark } from "../../../src/core/benchmark/report.ts";
import { tableOf } from "../../../src/core/benchmark/table.ts";
import { BENCHMARK_WORDS, type BenchmarkView } from "../../../src/protocol.ts";
import { startWebviewBrowser, THEMES, type WebviewBrowser, type WebviewPage } from "../../ui/webview-page.ts";

const screenshots = join(import.meta.dirname, "../../ui/screenshots");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** As the editor's ring words them in English. */
const WORDS = wordsOf(readFileSync(join(import.meta.dirname, "../../../src/vscode/benchmark-words.ts"), "utf8"));

let browser: WebviewBrowser;
beforeAll(async () => {
	mkdirSync(screenshots, { recursive: true });
	browser = await startWebviewBrowser("benchmark");
});
afterAll(() => browser?.close());

function wordsOf(source: string): BenchmarkView["words"] {
	const found = new Map(
		[...source.matchAll(/(\w+): l10n\.t\(\s*"((?:[^"\\]|\\.)*)"/g)].map(([, key, text]) => [key, text]),
	);
	return Object.fromEntries(BENCHMARK_WORDS.map((key) => [key, found.get(key) ?? ""])) as BenchmarkView["words"];
}

/** @param pace of a small project in ms */
function measured(model: string, over: Partial<ModelBenchmark>, valid = 12, greens = 3, pace = 9_000): ModelBenchmark {
	return {
		model,
		digest: model,
		parameterSize: "3.1B",
		quantization: "Q4_K_M",
		sizeBytes: 1.9e9,
		contextLength: 16_384,
		protocol: "text",
		coldStartMs: 2_300,
		simple: [320, 350, 410, 380, 340].map((totalMs) => ({ firstTokenMs: totalMs / 2, totalMs })),
		prefill: [610, 640, 655].map((rate) => ({ tokens: rate, ms: 1_000 })),
		decode: [46, 48, 51].map((rate) => ({ tokens: rate, ms: 1_000 })),
		tools: Array.from({ length: 12 }, (_, index) => ({
			prompt: `p${index}`,
			protocol: "text" as const,
			wanted: index < 10 ? 1 : 0,
			valid: index >= 12 - valid,
			right: index >= 13 - valid,
			goodFile: index % 3 === 0 ? true : null,
			durationMs: 900 + index * 40,
		})),
		append: [],
		prefixKept: true,
		projects: ["a", "b", "c"].map((project, index) => ({
			project,
			green: index < greens,
			durationMs: pace * (1 + index / 4),
			rounds: 2,
			reason: "",
		})),
		noProjects: null,
		memory: { sizeBytes: 2.6e9, vramBytes: 2.6e9 },
		cutSteps: [],
		failure: null,
		durationMs: 90_000,
		...over,
	};
}

const REPORT: BenchmarkReport = {
	version: 1,
	at: "2026-11-25T10:00:00.000Z",
	server: "http://127.0.0.1:11434",
	serverVersion: "0.33.0",
	machine: "8 cores, 32 GB, linux",
	minutesPerModel: 3,
	models: [
		measured(
			"qwen2.5-coder:7b",
			{ sizeBytes: 4.7e9, parameterSize: "7.6B", decode: [{ tokens: 21, ms: 1_000 }] },
			12,
			3,
			19_000,
		),
		measured("qwen2.5-coder:3b", {}),
		measured("llama3.2:3b", { protocol: "text", decode: [{ tokens: 62, ms: 1_000 }] }, 11, 1, 15_000),
		measured("smollm2:135m", { sizeBytes: 9e7, decode: [{ tokens: 96, ms: 1_000 }], cutSteps: ["reading"] }, 4, 0),
	],
};

/** The run before: everything took twice as long. */
const BEFORE: BenchmarkReport = {
	...REPORT,
	models: REPORT.models.map((model) => ({
		...model,
		projects: model.projects.map((project) => ({ ...project, durationMs: project.durationMs * 2 })),
	})),
};

function view(over: Partial<BenchmarkView> = {}): { readonly type: "benchmark"; readonly view: BenchmarkView } {
	const about =
		"25/11/2026, 10:00, on 8 cores, 32 GB, linux, served by http://127.0.0.1:11434; at most 3 minutes a model.";
	return {
		type: "benchmark",
		view: { rows: tableOf(REPORT, BEFORE), about, step: null, words: WORDS, language: "en", ...over },
	};
}

async function withPage(
	options: Parameters<WebviewBrowser["open"]>[0],
	use: (page: WebviewPage) => Promise<void>,
): Promise<void> {
	const page = await browser.open(options);
	try {
		await use(page);
		expect(page.complaints).toEqual([]);
		expect(page.strayRequests).toEqual([]);
	} finally {
		await page.close();
	}
}

async function axeProblems({ page }: WebviewPage): Promise<readonly string[]> {
	await page.evaluate(axe);
	return page.evaluate<readonly string[]>(`axe.run(document).then(({ violations }) =>
		violations.map(({ id, nodes }) => id + ": " + nodes.map(({ html }) => html).join(" ")))`);
}

const wide = { theme: "dark-modern", width: 1_200 } as const;

test("the words of the page are all there", () => {
	expect(BENCHMARK_WORDS.filter((key) => WORDS[key] === "")).toEqual([]);
});

describe.each(THEMES)("%s", (theme) => {
	test.each([420, 1_200])("results at %i px: a screenshot, axe, no sideways scroll of the page", async (width) => {
		await withPage({ theme, width, height: 1_200 }, async (page) => {
			await page.send(view());
			await page.page.screenshot({ path: join(screenshots, `benchmark-${theme}-${width}.png`), fullPage: true });
			expect(await axeProblems(page)).toEqual([]);
			expect(await page.page.evaluate<boolean>("document.documentElement.scrollWidth <= window.innerWidth")).toBe(true);
		});
	});

	test("before the first measurement, and during one", async () => {
		await withPage({ theme, width: 900 }, async (page) => {
			await page.send(view({ rows: null, about: "" }));
			await page.page.screenshot({ path: join(screenshots, `benchmark-${theme}-empty.png`) });
			expect(await axeProblems(page)).toEqual([]);
			await page.send(view({ step: "qwen2.5-coder:3b: text calls 4 of 12" }));
			await page.page.screenshot({ path: join(screenshots, `benchmark-${theme}-measuring.png`) });
			expect(await axeProblems(page)).toEqual([]);
		});
	});
});

test("figures are written as in the person's language", async () => {
	await withPage(wide, async (page) => {
		await page.send(view({ language: "de" }));
		const figures = await page.page.locator("td.figure").allTextContents();
		expect(figures.some((text) => /^\d+,\d/.test(text))).toBe(true);
		expect(figures.filter((text) => /\d\.\d/.test(text))).toEqual([]);
	});
});

test("the first view is the classic table, the best model first, with for whom each fits", async () => {
	await withPage(wide, async (page) => {
		await page.send(view());
		const table = page.page.locator("table").first();
		expect(await table.locator("thead th").allTextContents()).toEqual([
			"model",
			"simple question",
			"tool call",
			"tool support",
			"for whom",
		]);
		const rows = await table.locator("tbody tr").allTextContents();
		expect(rows[0]).toContain("qwen2.5-coder:3b");
		expect(rows[0]).toContain("First choice on this machine");
		expect(rows.at(-1)).toContain("smollm2:135m");
		expect(rows[0]).toContain("±12 %");
	});
});

test("the picture says in words what it shows, and draws no model without both figures", async () => {
	await withPage(wide, async (page) => {
		await page.send(view());
		const label = await page.page.locator("svg[role=img]").getAttribute("aria-label");
		expect(label).toContain("qwen2.5-coder:3b: time to green");
		expect(await page.page.locator("circle").count()).toBe(3);
		await page.send(view({ rows: tableOf({ ...REPORT, models: REPORT.models.slice(3) }, null) }));
		expect(await page.page.locator("svg[role=img]").count()).toBe(0);
		expect(await page.page.getByText("nothing to draw").count()).toBe(1);
	});
});

test("the keyboard alone measures, cancels and opens the raw samples; progress keeps focus and is announced", async () => {
	await withPage(wide, async (page) => {
		const { keyboard } = page.page;
		await page.send(view());
		expect(await page.page.evaluate("document.activeElement.tagName")).toBe("H1");
		await keyboard.press("Tab");
		await keyboard.press("Enter");
		await keyboard.press("Tab");
		await keyboard.press("Enter");
		await page.send(view({ step: "a: 1 of 2" }));
		await page.page.getByRole("button", { name: "Cancel" }).focus();
		await page.send(view({ step: "a: 2 of 2" }));
		expect(await page.page.getByRole("status").textContent()).toBe("a: 2 of 2");
		await keyboard.press("Enter");
		expect(await page.posted()).toEqual([
			{ type: "ready" },
			{ type: "measure" },
			{ type: "show-json" },
			{ type: "cancel" },
		]);
	});
});

test("A69 names and words of others are text, and show what hides in them", async () => {
	await withPage(wide, async (page) => {
		const hostile = "<img src=x onerror=alert(1)>\u202etxt";
		await page.send(
			view({ rows: tableOf({ ...REPORT, models: [measured(hostile, { failure: hostile })] }, null), step: hostile }),
		);
		expect(await page.page.locator("img").count()).toBe(0);
		expect(await page.page.locator("body").textContent()).toContain("<img src=x onerror=alert(1)>U+202E");
	});
});

test("a message that is none changes nothing", async () => {
	await withPage(wide, async (page) => {
		await page.send(view());
		const before = await page.page.locator("#app").innerHTML();
		await page.send(
			null,
			3,
			{ type: "benchmark" },
			{ type: "benchmark", view: { rows: 3 } },
			{ type: "other", view: {} },
		);
		expect(await page.page.locator("#app").innerHTML()).toBe(before);
	});
});
