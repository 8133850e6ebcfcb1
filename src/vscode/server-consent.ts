/** Prompts to another machine: one yes for each address, kept outside every workspace. */
import { l10n, window } from "vscode";
import { UserError } from "../core/errors.ts";
import type { Machine } from "../core/machine.ts";
import { orAborted } from "../core/or-aborted.ts";
import { shortAddress } from "../core/policy/server-address.ts";

/** The configured server's host and port, where it is not this machine; otherwise null. */
export async function remoteServerOf(machine: Machine): Promise<string | null> {
	const { url, remote } = await machine.serverAddress();
	return remote ? shortAddress(url) : null;
}

/** @throws UserError `remote-server` where the answer is no */
export async function obtainServerConsent(machine: Machine, signal: AbortSignal): Promise<void> {
	const { url, allowed, damaged } = await machine.serverAddress();
	if (allowed) return;
	const allow = l10n.t("Send Prompts There");
	const lost =
		damaged === null ? "" : l10n.t("Earlier answers cannot be read, so you are asked anew: {0} is damaged.", damaged);
	const detail = l10n.t(
		"This is not this machine. Prompts hold your task, test output and text of files in this workspace. Your answer holds for this address; the status bar shows it as long as it is in use.",
	);
	const answer = await orAborted(
		window.showWarningMessage(
			l10n.t("Send prompts to {0}?", url),
			{ modal: true, detail: `${detail} ${lost}`.trim() },
			allow,
		),
		signal,
	);
	if (answer !== allow)
		throw new UserError(
			"remote-server",
			l10n.t("Nothing was sent: you did not allow {0}.", url),
			l10n.t("Set another address (jetbox.server), or allow it at the next run."),
		);
	await machine.allowServer(url);
}
