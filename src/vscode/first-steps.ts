/** Which steps of the walkthrough are done: context keys, set when the thing itself was seen, never when a button was pressed. */
import { commands } from "vscode";
import type { SetupCheck } from "../core/machine.ts";
import { COMMANDS, CONTEXT_KEYS, VIEWS } from "./ids.ts";

type FirstStep = "serverReady" | "modelReady" | "toolsReady" | "sampleOpen" | "taskEnded";

/** What buttons of the walkthrough may stand for, of all that takes the focus. */
const BUTTONS: readonly string[] = [
	COMMANDS.checkSetup,
	COMMANDS.selectModel,
	COMMANDS.runTask,
	`${VIEWS.sidebar}.focus`,
];
/** A quarter of a second after one of its buttons was pressed the walkthrough takes the focus back (seen in VS Code 1.139). */
const FOCUS_TAKEN_BACK_MS = 500;

/** The programs that judge a round. */
const TOOLS: readonly string[] = ["python", "ruff", "pytest"];

/** Ticks a step off; the editor remembers it. */
export function stepDone(step: FirstStep): void {
	void commands.executeCommand("setContext", CONTEXT_KEYS[step], true);
}

/** Does what a button stands for once the walkthrough is at rest: a list that opens before loses the focus, and closes. */
export async function fromWalkthrough(command: unknown): Promise<void> {
	if (typeof command !== "string" || !BUTTONS.includes(command)) return;
	await new Promise((resolve) => setTimeout(resolve, FOCUS_TAKEN_BACK_MS));
	await commands.executeCommand(command);
}

/** @param checks of Check Setup, by their names of the core */
export function stepsSeen(checks: readonly Pick<SetupCheck, "name" | "state">[]): void {
	const isFit = (name: string) => checks.some((check) => check.name === name && isUsable(check));
	if (isFit("server")) stepDone("serverReady");
	if (isFit("model")) stepDone("modelReady");
	if (TOOLS.every(isFit)) stepDone("toolsReady");
}

function isUsable({ state }: Pick<SetupCheck, "state">): boolean {
	return state === "ok" || state === "advice";
}
