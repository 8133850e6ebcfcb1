/** Which steps of the walkthrough are done: context keys, set when the thing itself was seen, never when a button was pressed. */
import { commands } from "vscode";
import type { SetupCheck } from "../core/machine.ts";
import { CONTEXT_KEYS } from "./ids.ts";

type FirstStep = "serverReady" | "modelReady" | "toolsReady" | "sampleOpen" | "taskEnded";

/** The programs that judge a round. */
const TOOLS: readonly string[] = ["python", "ruff", "pytest"];

/** Ticks a step off; the editor remembers it. */
export function stepDone(step: FirstStep): void {
	void commands.executeCommand("setContext", CONTEXT_KEYS[step], true);
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
