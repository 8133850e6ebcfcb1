/** A fresh profile of the real editor in a real browser, and what a person's hands do there. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { QUIET_SETTINGS, remoteUri, startServer, workbenchUrl } from "../host/code-web/host.mjs";

/** The sidebar's, and after it the benchmark's while that is open; the walkthrough's page is of no extension. */
const OWN_PAGE = 'iframe.webview.ready[src*="extensionId=jetbox.jetbox"]';
const SIZE = { width: 1000, height: 680 };
/** A busy machine is slow, not wrong. */
const DEADLINE_MS = 240_000;
const PALETTE_MS = 10_000;
/** The box for a path looks at the disk while one types, and takes what it has looked up. */
const LOOKED_UP_MS = 1_000;
const PATH_MS = 3_000;
const POLL_MS = 100;
/** Less than the least height of the panel, so that no row is passed by; back to the top after so many turns. */
const WHEEL_PX = 40;
const WHEEL_TURNS = 20;
const LINE_PX = 22;

/**
 * Starts a server and opens its window.
 * @param home what install.mjs returned
 * @param scratch folder that this profile has for itself
 * @param folder opened at the start; null: an empty window
 * @param vsix installed beforehand; null: not at all
 * @param development folder of an extension that is loaded as it lies there; null: none
 * @param settings of the user and of the machine, beyond the quiet ones
 * @param onServer told of the server before its window opens
 */
export async function openWorkbench(options) {
	const { home, browser, scratch, folder, vsix, development = null } = options;
	const { settings = {}, env = {}, onServer = () => undefined } = options;
	const dirs = {
		dataDir: join(scratch, "server"),
		userDataDir: join(scratch, "user"),
		extensionsDir: join(scratch, "extensions"),
	};
	const set = settingsOf(dirs.userDataDir);
	set({ ...QUIET_SETTINGS, "security.workspace.trust.enabled": false, ...settings });
	if (vsix !== null) install(home, dirs, vsix);
	const server = await startServer({
		home,
		...dirs,
		driver: development !== null || !home.driverRefusesDialogs,
		env: { ...process.env, XDG_STATE_HOME: join(scratch, "state"), ...env },
	});
	onServer(server);
	const context = await browser.newContext({ viewport: SIZE });
	context.setDefaultTimeout(DEADLINE_MS);
	const page = await context.newPage();
	const payload = development === null ? [] : [["extensionDevelopmentPath", remoteUri(server.authority, development)]];
	await page.goto(workbenchUrl(server, { folder, payload }), { waitUntil: "commit" });
	await page.locator(".monaco-workbench").waitFor();
	return {
		page,
		/** The sidebar's document. */
		view: pageIn(page.locator(OWN_PAGE).first()),
		/** Changes settings; the editor reads them when it comes to it. */
		set,
		async close() {
			await context.close();
			await server.stop();
		},
	};
}

/** @returns writes the profile's settings anew, with changes */
function settingsOf(userDataDir) {
	const all = {};
	return (changes) => {
		Object.assign(all, changes);
		// A remote window reads machine-scoped settings from the server's own file.
		for (const scope of ["User", "Machine"]) {
			mkdirSync(join(userDataDir, scope), { recursive: true });
			writeFileSync(join(userDataDir, scope, "settings.json"), JSON.stringify(all));
		}
	};
}

function install(home, { dataDir, userDataDir, extensionsDir }, vsix) {
	const folders = ["--server-data-dir", dataDir, "--user-data-dir", userDataDir, "--extensions-dir", extensionsDir];
	execFileSync(home.node, [home.serverMain, "--install-extension", vsix, ...folders], {
		stdio: ["ignore", "ignore", "inherit"],
	});
}

/** The sidebar as a frame, for what a locator cannot do. */
export function sidebarFrame(page) {
	return frameOf(page.locator(OWN_PAGE).first());
}

/** The benchmark's page as a frame. */
export function benchmarkFrame(page) {
	return frameOf(page.locator(OWN_PAGE).nth(1));
}

async function frameOf(outer) {
	const element = await pageElement(outer).elementHandle();
	const frame = await element?.contentFrame();
	assert.ok(frame, "it has no page");
	return frame;
}

function pageIn(outer) {
	return pageElement(outer).contentFrame();
}

/** The editor puts an extension's page into a frame of its own within the frame. */
function pageElement(outer) {
	return outer.contentFrame().locator("#active-frame");
}

/** Runs a command by its title through the palette. */
export async function runCommand(page, title) {
	const line = await paletteLine(page, title);
	await line.click();
}

/** The palette's line of a command; a palette that was opened too early, before the command was there, is opened again. */
export async function paletteLine(page, title) {
	const line = option(page, title);
	const patience = { timeout: PALETTE_MS };
	for (let waited = 0; waited < DEADLINE_MS; waited += PALETTE_MS) {
		try {
			await page.keyboard.press("F1");
			await page.locator(".quick-input-box input").fill(`>${title}`, patience);
			await line.waitFor(patience);
			return line;
		} catch {
			await page.keyboard.press("Escape");
		}
	}
	assert.fail(`the palette has no ${title}`);
}

/** Filters the open quick pick and takes the line that has the words. */
export async function pick(page, filter, words) {
	await page.locator(".quick-input-box input").fill(filter);
	await option(page, words).click();
}

/** A line of the open quick pick. */
export function option(page, words) {
	return page.locator(".quick-input-list [role=option]").filter({ hasText: words }).first();
}

/** Answers the editor's own box for a path. It fills in a place to start from when it comes to it, over what is typed by then. */
export async function answerPath(page, path) {
	const box = page.locator(".quick-input-box input");
	await until(async () => (await box.inputValue()).startsWith("/"), "the box has a place to start from");
	await until(async () => {
		if (!(await box.isVisible())) return true;
		await box.fill(path);
		await sleep(LOOKED_UP_MS);
		if ((await box.inputValue()) !== path) return false;
		await box.press("Enter");
		await box.waitFor({ state: "hidden", timeout: PATH_MS }).catch(() => undefined);
		return false;
	}, `the box takes ${path}`);
}

/** A button of the dialog that is open. */
export function dialogButton(page, name) {
	return page.locator(".monaco-dialog-box").getByRole("button", { name, exact: true });
}

/**
 * Waits for a row of Problems from a source, and scrolls up and down to it: the list draws only the rows that are in sight.
 * @param source as the row shows it, such as "Jetbox ruff"
 * @returns the row, its first line in sight
 */
export async function problemsOf(page, source) {
	const panel = page.locator(".markers-panel");
	await panel.waitFor();
	let turn = 0;
	await until(async () => {
		turn += 1;
		const by = turn % WHEEL_TURNS === 0 ? -WHEEL_PX * WHEEL_TURNS : WHEEL_PX;
		return panel.evaluate(isInSightOrScrolled, { source, line: LINE_PX, by });
	}, `Problems has a row of ${source}`);
	return panel.locator("[role=treeitem]").filter({ hasText: source }).first();
}

/** Runs in the page. The list itself is turned: over a mouse that rests the editor lays a tooltip, which would take the wheel. */
function isInSightOrScrolled(panel, { source, line, by }) {
	const row = [...panel.querySelectorAll("[role=treeitem]")].find(({ textContent }) => textContent.includes(source));
	if (row !== undefined) {
		const [own, all] = [row, panel].map((element) => element.getBoundingClientRect());
		if (own.top >= all.top && own.top + line <= all.bottom) return true;
	}
	const list = panel.querySelector(".monaco-scrollable-element");
	list?.dispatchEvent(new WheelEvent("wheel", { deltaY: by, bubbles: true, cancelable: true }));
	return false;
}

/** Waits until it holds. @throws AssertionError when it does not */
export async function until(holds, what) {
	for (let waited = 0; waited < DEADLINE_MS; waited += POLL_MS) {
		if (await holds()) return;
		await sleep(POLL_MS);
	}
	assert.fail(`still not so: ${what}`);
}
