/** What mends a line of Check Setup, offered as a button beneath its whole text. */
import { commands, env, l10n, type MessageItem, ProgressLocation, window } from "vscode";
import type { Machine, SetupCheck, ToolPlan } from "../core/machine.ts";
import { plain } from "../core/plain-text.ts";
import { COMMANDS, SECTION } from "./ids.ts";
import type { RunController } from "./run-controller.ts";
import { commandIn } from "./user-errors.ts";

export interface SetupFixParts {
	readonly machine: Machine;
	readonly controller: RunController;
	/** Looks again at what the sidebar says. */
	readonly refresh: () => void;
	readonly signal: AbortSignal;
}

export type SetupFix =
	| { readonly kind: "none" | "install" | "sample" }
	| { readonly kind: "copy"; readonly command: string }
	| { readonly kind: "setting"; readonly query: string };

/** What the list does after a line was read or mended. */
export type AfterFix = "list" | "look-again" | "leave";

/** The fix that a check's own words ask for. */
export function fixOf({ name, state, fix }: SetupCheck): SetupFix {
	if (state === "ok" || fix === "") return { kind: "none" };
	if (name === "folder") return { kind: "sample" };
	if (name === "ruff" || name === "pytest") return { kind: "install" };
	const command = commandIn(fix);
	if (command !== "") return { kind: "copy", command };
	const setting = /\bjetbox\.\w+(?:\.\w+)*/.exec(fix)?.[0];
	return { kind: "setting", query: setting === undefined ? SECTION : `@id:${setting}` };
}

/** The detail and the fix as sentences. */
export function wholeText({ detail, fix }: SetupCheck): string {
	return fix === "" ? detail : `${detail.replace(/\.$/, "")}. ${fix}`;
}

/**
 * @param check with its name in words
 * @throws UserError where the fix is not possible here, or fails
 */
export async function offerFix(check: SetupCheck, fix: SetupFix, parts: SetupFixParts): Promise<AfterFix> {
	const plan = fix.kind === "install" ? parts.machine.planTools(parts.controller.root) : null;
	const detail = plain([wholeText(check), ...(plan === null ? [] : ["", ...planWords(plan)])].join("\n"));
	const button = buttonOf(fix);
	const items: readonly MessageItem[] = button === null ? [] : [{ title: button }];
	if ((await window.showInformationMessage(check.name, { modal: true, detail }, ...items)) === undefined) return "list";
	switch (fix.kind) {
		case "none":
			return "list";
		case "install":
			if (plan !== null) await install(plan, parts);
			return "look-again";
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

function planWords({ commands: planned }: ToolPlan): readonly string[] {
	return [
		l10n.t("These commands are run with your rights, nothing else:"),
		...planned.map((command) => command.join(" ")),
	];
}

function buttonOf({ kind }: SetupFix): string | null {
	switch (kind) {
		case "none":
			return null;
		case "install":
			return l10n.t("Install ruff and pytest");
		case "sample":
			return l10n.t("Create Sample Project");
		case "copy":
			return l10n.t("Copy Command");
		case "setting":
			return l10n.t("Open Settings");
	}
}

async function install(plan: ToolPlan, { controller, refresh, signal }: SetupFixParts): Promise<void> {
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
	await controller.idle();
	await controller.closeEngines();
	refresh();
}
