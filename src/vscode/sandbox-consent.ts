/** Without a sandbox, tests run with the person's rights: one yes a workspace, kept outside it. */
import { l10n, type Memento, window } from "vscode";
import { UserError } from "../core/errors.ts";
import type { EngineProbes } from "../core/machine.ts";
import { orAborted } from "../core/or-aborted.ts";
import type { SandboxMode } from "../core/probes/engine-messages.ts";

const KEY = "jetbox.withoutSandbox";

export class SandboxConsent {
	/** @param identify names a folder and its own programs as they are now */
	constructor(
		private readonly memory: Memento,
		private readonly identify: (root: string) => string,
	) {}

	/** What the engine is told: `auto` becomes `off` only where the person said so for this workspace. */
	modeFor(setting: SandboxMode, root: string): SandboxMode {
		return setting === "auto" && this.memory.get<unknown>(this.key(root)) === true ? "off" : setting;
	}

	/**
	 * Asks where it has to.
	 * @returns whether the engine must be opened anew, with the mode that was just allowed
	 * @throws UserError `sandbox-missing` where the answer is no
	 */
	async obtain(
		setting: SandboxMode,
		root: string,
		probes: EngineProbes,
		signal: AbortSignal,
	): Promise<"as-is" | "reopen"> {
		if (this.modeFor(setting, root) === "off") return "as-is";
		const sandbox = (await probes.describe(signal)).find(({ tool }) => tool === "sandbox");
		if (sandbox === undefined || sandbox.state === "ok") return "as-is";
		if (setting === "on")
			throw new UserError("sandbox-missing", l10n.t("There is no sandbox: {0}", sandbox.detail), sandbox.fix);
		const allow = l10n.t("Run Without a Sandbox");
		const lost =
			this.memory.get<unknown>(this.key(root)) === undefined
				? ""
				: l10n.t("Your earlier answer for this workspace cannot be read, so you are asked anew.");
		const detail = l10n.t(
			"There is no sandbox: {0} Tests, also those that the model writes, could then read and change your files and use the network. Your answer holds for this workspace.",
			sandbox.detail,
		);
		const question = window.showWarningMessage(
			l10n.t("Run this workspace's tests without a sandbox?"),
			{ modal: true, detail: `${detail} ${lost}`.trim() },
			allow,
		);
		const answer = await orAborted(question, signal);
		if (answer !== allow)
			throw new UserError(
				"sandbox-missing",
				l10n.t("Nothing was run: you did not allow tests without a sandbox."),
				sandbox.fix,
			);
		await this.memory.update(this.key(root), true);
		return "reopen";
	}

	private key(root: string): string {
		return `${KEY}:${this.identify(root)}`;
	}
}
