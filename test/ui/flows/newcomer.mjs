/** From the package to a green task and back, by the words of README and walkthrough alone, in a profile that knows nothing. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { answerPath, dialogButton, option, problemsOf, until } from "../workbench.mjs";

const RUN_TIMEOUT_MS = 120_000;
const STEPS = [
	"Check the model server",
	"Choose a model",
	"Create the sample project",
	"Check ruff and pytest",
	"Run a task",
];

/**
 * @param hands mouse or keyboard
 * @param vsix path of the package
 * @param hasTools whether ruff and pytest are there already; else Check Setup installs them
 */
export async function newcomer({ page, view }, { check, shot }, { hands, vsix, hasTools }) {
	const by = `newcomer, ${hands.name}`;
	await check(`${by}: Install from VSIX puts Jetbox into the activity bar`, async () => {
		await hands.run("Extensions: Install from VSIX...");
		await page.locator(".quick-input-title").filter({ hasText: "Install from VSIX" }).waitFor();
		await answerPath(page, vsix);
		await page.getByRole("tab", { name: "Jetbox" }).waitFor();
	});
	await check(
		`${by}: the walkthrough's first step says that no server answers, and offers the practice model`,
		async () => {
			await openWalkthrough(page, hands);
			await hands.press("Check Setup");
			await option(page, "No model server answers").waitFor();
			await shot(`newcomer-${hands.name}-no-server`);
			await page.keyboard.press("Escape");
			await hands.press("Use the Practice Model");
			await stepIsDone(page, "Choose a model");
			await stepIsDone(page, "Check the model server");
			await shot(`newcomer-${hands.name}-walkthrough`);
		},
	);
	await check(`${by}: Create Sample Project opens it with its task in the sidebar`, async () => {
		await hands.openStep("Create the sample project");
		await hands.press("Create Sample Project");
		await page.waitForURL(/folder=.*jetbox-sample/);
		await hands.trust();
		await view.getByRole("textbox").waitFor();
		await until(
			async () => /failing tests/.test(await view.getByRole("textbox").inputValue()),
			"the task stands there",
		);
		await shot(`newcomer-${hands.name}-sample`);
	});
	await check(`${by}: Check Setup ${hasTools ? "finds" : "installs"} ruff and pytest`, async () => {
		await openWalkthrough(page, hands);
		await hands.openStep("Check ruff and pytest");
		await hands.press("Check Setup");
		await option(page, "pytest").waitFor();
		if (!hasTools) {
			await hands.choose("pytest");
			await shot(`newcomer-${hands.name}-install`);
			await hands.answer("Create .venv");
			await option(page, "pytest").waitFor({ timeout: RUN_TIMEOUT_MS });
			await view
				.getByText(/10 passed, 2 failed/)
				.first()
				.waitFor();
		}
		for (const tool of ["ruff", "pytest"]) assert.match(await option(page, tool).textContent(), /ok/);
		await shot(`newcomer-${hands.name}-setup`);
		await page.keyboard.press("Escape");
	});
	await check(`${by}: the task ends green, every edit looked at first`, async () => {
		await hands.openStep("Run a task");
		await hands.press("Show Jetbox");
		await hands.startTask();
		const green = view.getByText(/All green/).first();
		const apply = dialogButton(page, "Apply");
		for (let asked = 0; asked < 20 && !(await green.isVisible()); asked += 1) {
			await until(
				async () => (await green.isVisible()) || (await apply.isVisible()),
				"an edit is shown, or all is green",
			);
			if (asked === 0) await shot(`newcomer-${hands.name}-approve`);
			if (!(await apply.isVisible())) continue;
			const question = await page.locator(".monaco-dialog-box").textContent();
			await hands.answer("Apply");
			await until(
				async () => !(await apply.isVisible()) || (await page.locator(".monaco-dialog-box").textContent()) !== question,
				"the question is answered",
			);
		}
		await green.waitFor({ timeout: RUN_TIMEOUT_MS });
		await shot(`newcomer-${hands.name}-green`);
	});
	await check(`${by}: every step of the walkthrough is ticked off`, async () => {
		await openWalkthrough(page, hands);
		for (const step of STEPS) await stepIsDone(page, step);
		await shot(`newcomer-${hands.name}-done`);
	});
	await check(`${by}: Show Changes opens them all, Undo Run takes them back`, async () => {
		await hands.run("Jetbox: Focus on Jetbox View");
		await hands.pressInSidebar("Show Changes");
		await page.getByRole("tab", { name: /Jetbox: changes of the run/ }).waitFor();
		await page.locator(".line-insert, .line-delete").first().waitFor();
		await shot(`newcomer-${hands.name}-review`);
		await hands.run("Jetbox: Focus on Jetbox View");
		await hands.pressInSidebar("Undo Run");
		await hands.run("Problems: Focus on Problems View");
		await problemsOf(page, "Jetbox pytest");
		await shot(`newcomer-${hands.name}-undone`);
	});
	await check(`${by}: the sample project stands in a temporary folder`, () => {
		assert.ok(existsSync(sampleFolder(page)));
	});
}

/** Absolute path of the opened sample. */
export function sampleFolder(page) {
	return new URL(page.url()).searchParams.get("folder") ?? "";
}

async function openWalkthrough(page, hands) {
	await hands.run("Welcome: Open Walkthrough...");
	await option(page, "Get Started with Jetbox").waitFor();
	await hands.choose("Get Started with Jetbox");
	await page.locator(".getting-started-step").first().waitFor();
}

function stepIsDone(page, title) {
	return page.locator(".getting-started-step").filter({ hasText: title }).locator(".codicon.complete").waitFor();
}
