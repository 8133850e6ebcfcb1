/** The hands of a flow: what a person does with the mouse, or with the keyboard alone. */
import { setTimeout as sleep } from "node:timers/promises";
import { dialogButton, option, paletteLine, runCommand, sidebarFrame, until } from "./workbench.mjs";

const TRUST = "Yes, I trust the authors";
/** More than any page of the editor has places that take the focus. */
const MAX_KEYS = 200;
/** Between two keys; a person is no faster, and a page that is about to move its focus is passed by. */
const KEY_MS = 250;
/** A list that shows no line by then was closed. */
const LIST_MS = 10_000;
/** Looks in a row that find the focus where it is wanted. */
const STEADY_LOOKS = 4;

/** @param view the sidebar's document */
export function mouse(page, view) {
	const pressInSidebar = (name) => view.getByRole("button", { name, exact: true }).first().click();
	return {
		name: "mouse",
		run: (title) => runCommand(page, title),
		press: (name) => page.getByRole("button", { name, exact: true }).first().click(),
		openStep: (title) => page.getByRole("heading", { name: title, exact: true }).click(),
		pressInSidebar,
		startTask: () => pressInSidebar("Run"),
		choose: (words) => option(page, words).click(),
		answer: (name) => dialogButton(page, name).click(),
		async trust() {
			const { banner, question } = await askedForTrust(page);
			if (await question.isVisible()) return question.click();
			await banner.click();
			await page.getByRole("button", { name: "Trust", exact: true }).click();
			await page.getByRole("tab", { name: "Jetbox" }).waitFor();
			await page
				.getByRole("button", { name: /^Close/ })
				.last()
				.click();
		},
	};
}

/** Tab, arrows, Enter and the palette; no pointer at all. */
export function keyboard(page) {
	const run = (title) =>
		// A window that starts anew, as after trust was given, closes the palette; so does what takes the focus late.
		until(async () => {
			await paletteLine(page, title);
			return choose(title);
		}, `${title} was chosen`);
	/** @returns whether the list stayed open until the line was chosen */
	const choose = async (words) => {
		const line = option(page, words);
		const isOpen = await line.waitFor({ timeout: LIST_MS }).then(
			() => true,
			() => false,
		);
		if (!isOpen) return false;
		const active = page.locator(".quick-input-list .monaco-list-row.focused").filter({ hasText: words });
		let isGone = false;
		const isActive = async () => {
			isGone = !(await line.isVisible());
			return isGone || active.isVisible();
		};
		await pressUntil(page, "ArrowDown", isActive, `the line ${words} is the active one`);
		if (!isGone) await page.keyboard.press("Enter");
		return !isGone;
	};
	const press = async (name) => {
		await tabTo(page, page, name);
		await page.keyboard.press("Enter");
	};
	const intoSidebar = async () => {
		await run("Jetbox: Focus on Jetbox View");
		const frame = await sidebarFrame(page);
		await frame.waitForFunction(() => document.hasFocus());
		return frame;
	};
	return {
		name: "keyboard",
		run,
		press,
		openStep: press,
		async pressInSidebar(name) {
			await tabTo(page, await intoSidebar(), name);
			await page.keyboard.press("Enter");
		},
		async startTask() {
			await tabTo(page, await intoSidebar(), "Task");
			await page.keyboard.press("Control+Enter");
		},
		choose,
		async answer(name) {
			await dialogButton(page, name).waitFor();
			await press(name);
		},
		async trust() {
			const { question } = await askedForTrust(page);
			if (await question.isVisible()) return press(TRUST);
			await run("Workspaces: Manage Workspace Trust");
			await page.locator(".workspace-trust-editor").waitFor();
			await press("Trust");
			await page.getByRole("tab", { name: "Jetbox" }).waitFor();
			await run("View: Close Editor");
		},
	};
}

/** Under its test driver the editor does not ask, but has a banner. */
async function askedForTrust(page) {
	const banner = page.locator(".part.banner").getByRole("button", { name: "Manage", exact: true });
	const question = page.getByRole("button", { name: TRUST });
	await banner.or(question).first().waitFor();
	return { banner, question };
}

/** Counts what is pressed with a pointer, in the page and all its frames from now on. @returns how often so far */
export async function pointerPresses(page) {
	let count = 0;
	await page.exposeBinding("jetboxPointerPressed", () => {
		count += 1;
	});
	const listen = () => addEventListener("pointerdown", () => globalThis.jetboxPointerPressed(), true);
	await page.addInitScript(listen);
	await page.evaluate(listen);
	return () => count;
}

/** @param frame whose control is meant: the page, or a frame of it */
function tabTo(page, frame, name) {
	const hasFocus = () => frame.evaluate(focusIsOn, name);
	return pressUntil(page, "Tab", hasFocus, `${name} has the focus`);
}

/** Runs in the page. A step of the walkthrough is named by its heading, everything else by its label or its words. */
function focusIsOn(name) {
	const { activeElement } = document;
	if (activeElement === null || activeElement === document.body) return false;
	const label = activeElement.labels?.[0]?.textContent ?? activeElement.getAttribute("aria-label");
	const heading = activeElement.querySelector("h3")?.textContent;
	return (heading ?? label ?? activeElement.textContent ?? "").trim() === name;
}

/** A person is slower than the editor, which moves the focus by itself a while after a step of the walkthrough was opened. */
async function pressUntil(page, key, holds, what) {
	let pressed = 0;
	let steady = 0;
	await until(async () => {
		if (await holds()) steady += 1;
		else {
			steady = 0;
			if (pressed < MAX_KEYS) await page.keyboard.press(key);
			pressed += 1;
			await sleep(KEY_MS);
		}
		return steady === STEADY_LOOKS;
	}, what);
}
