/** A page alone, in a real browser: built as shipped, under the extension's CSP, with a stub of the editor. */
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { build } from "esbuild";
import { type Browser, chromium, type Page } from "playwright-core";
import type { HostMessage } from "../../src/protocol.ts";

export type Theme = "dark-modern" | "light-modern" | "high-contrast" | "high-contrast-light";
export const THEMES: readonly Theme[] = ["dark-modern", "light-modern", "high-contrast", "high-contrast-light"];

/** The pages behind the glass, by the name of their stylesheet. */
export type PageName = "sidebar" | "benchmark";
const ENTRIES = { sidebar: "src/webview/main.ts", benchmark: "src/webview/benchmark.ts" } as const;

const root = join(import.meta.dirname, "../..");

export interface WebviewPage {
	readonly page: Page;
	/** Paths requested of the page's own server beyond the page itself, and every other request at all. */
	readonly strayRequests: readonly string[];
	/** Errors and CSP reports. */
	readonly complaints: readonly string[];
	/** Delivers host messages and waits until they are drawn. */
	send(...messages: readonly unknown[]): Promise<void>;
	/** What the page has posted since the start. */
	posted(): Promise<readonly unknown[]>;
	close(): Promise<void>;
}

export interface PageOptions {
	readonly theme: Theme;
	readonly width: number;
	readonly height?: number;
}

export interface WebviewBrowser {
	open(options: PageOptions): Promise<WebviewPage>;
	close(): Promise<void>;
}

/** @throws Error that says how to get Chromium, where there is none */
export async function startWebviewBrowser(name: PageName = "sidebar"): Promise<WebviewBrowser> {
	const [script, style] = await Promise.all([bundle(ENTRIES[name]), bundle(`src/webview/styles/${name}.css`)]);
	const browser = await launch();
	return {
		open: (options) => openPage(browser, { script, style }, options),
		close: () => browser.close(),
	};
}

async function bundle(entry: string): Promise<string> {
	const { outputFiles } = await build({
		entryPoints: [join(root, entry)],
		bundle: true,
		format: "iife",
		platform: "browser",
		target: "es2023",
		write: false,
	});
	return outputFiles[0]?.text ?? "";
}

function launch(): Promise<Browser> {
	const executablePath = process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium";
	if (!existsSync(executablePath)) {
		throw new Error(`No Chromium at ${executablePath}: install one, or set CHROMIUM_PATH to yours.`);
	}
	return chromium.launch({
		executablePath,
		args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
	});
}

async function openPage(
	browser: Browser,
	{ script, style }: { readonly script: string; readonly style: string },
	{ theme, width, height = 900 }: PageOptions,
): Promise<WebviewPage> {
	const strayRequests: string[] = [];
	const complaints: string[] = [];
	const stub = `window.posted = []; window.acquireVsCodeApi = () => ({
		postMessage: (message) => window.posted.push(message),
		getState: () => JSON.parse(sessionStorage.getItem("state")),
		setState: (state) => sessionStorage.setItem("state", JSON.stringify(state)),
	});`;
	const files = new Map([
		["/stub.js", { type: "text/javascript", body: stub }],
		["/webview.js", { type: "text/javascript", body: script }],
		["/theme.css", { type: "text/css", body: readFileSync(join(root, "test/ui/themes", `${theme}.css`), "utf8") }],
		["/page.css", { type: "text/css", body: style }],
	]);
	const policy = "default-src 'none'; script-src 'self'; style-src 'self'";
	const shell = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Jetbox</title>
		<meta http-equiv="Content-Security-Policy" content="${policy}">
		<link rel="stylesheet" href="/theme.css"><link rel="stylesheet" href="/page.css"></head>
		<body><main id="app"></main><script src="/stub.js"></script><script src="/webview.js"></script></body></html>`;
	const server = createServer((request, response) => {
		const file = files.get(request.url ?? "");
		if (request.url !== "/" && file === undefined) strayRequests.push(request.url ?? "");
		response.setHeader("Content-Type", file?.type ?? "text/html; charset=utf-8");
		response.end(file?.body ?? shell);
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const address = server.address();
	if (address === null || typeof address === "string") throw new Error("The page's server has no port.");
	const { port } = address;
	const context = await browser.newContext({ viewport: { width, height }, reducedMotion: "reduce" });
	const page = await context.newPage();
	page.setDefaultTimeout(10_000);
	const origin = `http://127.0.0.1:${port}`;
	page.on("request", (request) => {
		if (!request.url().startsWith(origin)) strayRequests.push(request.url());
	});
	page.on("pageerror", (error) => complaints.push(String(error)));
	page.on("console", (message) => {
		if (message.type() === "error") complaints.push(message.text());
	});
	await page.goto(origin);
	return {
		page,
		strayRequests,
		complaints,
		async send(...messages) {
			// As text: the browser's types stay out of the Node side.
			await page.evaluate(`(async () => {
				for (const data of ${JSON.stringify(messages)}) window.dispatchEvent(new MessageEvent("message", { data }));
				await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
			})()`);
		},
		posted: () => page.evaluate("window.posted"),
		async close() {
			await context.close();
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

/** A snapshot of a view that is ready for its first run. */
export function readySnapshot(over: Partial<Extract<HostMessage, { type: "snapshot" }>["snapshot"]> = {}): HostMessage {
	return {
		type: "snapshot",
		snapshot: {
			empty: { kind: "ready" },
			task: "",
			running: false,
			model: "qwen2.5-coder:7b",
			folder: null,
			reviewableRun: "",
			language: "en",
			words: {},
			timeline: null,
			past: null,
			history: [],
			...over,
		},
	};
}
