/** What mends a line of Check Setup, offered as a button beneath its whole text. */
import { commands, env, l10n, type MessageItem, ProgressLocation, window } from "vscode";
import { reasonAndFix } from "../core/event-words.ts";
import type { Machine, SetupCheck, ToolPlan } from "../core/machine.ts";
import { plain } from "../core/plain-text.ts";
import { COMMANDS, SECTION } from "./ids.ts";
import type { RunController } from "./run-controller.ts";
import { told } from "./told.ts";
import { commandIn } from "./user-errors.ts";

export interface SetupFixParts {
	readonly machine: Machine;
	readonly controller: RunController;
	/** Looks again at what the sidebar says. */
	readonly refresh: () => void;
	/** Looks again at what the probes told, if they have told something. */
	readonly probeAgain: () => void;
	readonly signal: AbortSignal;
}

export type SetupFix =
	| { readonly kind: "none" | "sample" }
	/** `keepsEnvironment`: the tests run in the one that is in use, so it comes first. */
	| { readonly kind: "install"; readonly keepsEnvironment: boolean }
	| { readonly kind: "copy"; readonly command: string }
	| { readonly kind: "setting"; readonly query: string };

/** What the list does after a line was read or mended. */
export type AfterFix = "list" | "look-again" | "leave";

/** The fix that a check's own words ask for. @param checks all of them */
export function fixOf({ name, state, fix }: SetupCheck, checks: readonly SetupCheck[]): SetupFix {
	if (state === "ok" || fix === "") return { kind: "none" };
	if (name === "folder") return { kind: "sample" };
	if (name === "ruff" || name === "pytest") {
		const keepsEnvironment = checks.some((check) => check.name === "pytest" && check.state === "ok");
		return { kind: "install", keepsEnvironment };
	}
	const command = commandIn(fix);
	if (command !== "") return { kind: "copy", command };
	const setting = /\bjetbox\.\w+(?:\.\w+)*/.exec(fix)?.[0];
	return { kind: "setting", query: setting === undefined ? SECTION : `@id:${setting}` };
}

/** The detail and the fix as sentences. */
export function wholeText({ detail, fix }: SetupCheck): string {
	return fix === "" ? told(detail) : reasonAndFix({ message: told(detail), fix: told(fix) });
}

/**
 * @param check with its name in words
 * @throws UserError where the fix is not possible here, or fails
 */
export async function offerFix(check: SetupCheck, fix: SetupFix, parts: SetupFixParts): Promise<AfterFix> {
	if (fix.kind === "install") return offerInstall(check, fix.keepsEnvironment, parts);
	const button = buttonOf(fix);
	const items: readonly MessageItem[] = button === null ? [] : [{ title: button }];
	const detail = plain(wholeText(check));
	if ((await window.showInformationMessage(check.name, { modal: true, detail }, ...items)) === undefined) return "list";
	switch (fix.kind) {
		case "none":
			return "list";
		case "sample":
			await commands.executeCommand(COMMANDS.openSample);
			return "leave";
		case "copy":
			await env.clipboard.writeText(fix.command);
			void window.showInformationMessage(l10n.t("Copied: {0}", fix.command));
			return "leave";
		case "setting":
			await commands.executeCommand("workbench.action.openSettings", fix.query);
			return "leave";
	}
}

/** One button for each place where ruff and pytest can be put, beneath the commands that it runs. */
async function offerInstall(check: SetupCheck, keepsEnvironment: boolean, parts: SetupFixParts): Promise<AfterFix> {
	const plans = [...parts.machine.planTools(parts.controller.root)];
	// Where the tests run already, a new environment would be without what they need.
	if (keepsEnvironment) plans.sort((one, other) => Number(isNew(one)) - Number(isNew(other)));
	const items = plans.map((plan) => ({ title: installTitle(plan), plan }));
	const detail = plain(
		[wholeText(check), l10n.t("These commands are run with your rights, nothing else:"), ...plans.map(planWords)].join(
			"\n\n",
		),
	);
	const chosen = await window.showInformationMessage(check.name, { modal: true, detail }, ...items);
	if (chosen === undefined) return "list";
	await install(chosen.plan, parts);
	return "look-again";
}

function planWords(plan: ToolPlan): string {
	const lines = [`${installTitle(plan)}:`, ...plan.commands.map((command) => command.join(" "))];
	if (isNew(plan))
		lines.push(
			l10n.t(
				"The new environment holds ruff and pytest only. What the project itself needs you install into it, or its tests cannot import it.",
			),
		);
	return lines.join("\n");
}

function installTitle({ target }: ToolPlan): string {
	return target.kind === "new-environment" ? l10n.t("Create .venv") : l10n.t("Install into {0}", target.path);
}

function isNew({ target }: ToolPlan): boolean {
	return target.kind === "new-environment";
}

function buttonOf({ kind }: Exclude<SetupFix, { kind: "install" }>): string | null {
	switch (kind) {
		case "none":
			return null;
		case "sample":
			return l10n.t("Create Sample Project");
		case "copy":
			return l10n.t("Copy Command");
		case "setting":
			return l10n.t("Open Settings");
	}
}

async function install(plan: ToolPlan, { controller, refresh, probeAgain, signal }: SetupFixParts): Promise<void> {
	await window.withProgress(
		{ location: ProgressLocation.Notification, title: l10n.t("Jetbox: Installing ruff and pytest"), cancellable: true },
		async (progress, token) => {
			const cancelled = new AbortController();
			token.onCancellationRequested(() => cancelled.abort(new DOMException("Cancelled by you.", "AbortError")));
			const either = AbortSignal.any([cancelled.signal, signal]);
			await plan.run((command) => progress.report({ message: command.join(" ") }), either);
		},
	);
	// The engine holds processes of the interpreter that was found before.
	await controller.closeEngines();
	refresh();
	probeAgain();
}
