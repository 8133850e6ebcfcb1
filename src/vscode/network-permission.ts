/** Whether this folder's tests may use the network: asked, kept in the person's own settings, shown by Check Setup. */
import { ConfigurationTarget, l10n, window, workspace } from "vscode";
import { orAborted } from "../core/or-aborted.ts";
import { SECTION, SETTINGS } from "./ids.ts";
import { readSettings } from "./settings.ts";

/** Asks, and turns the permission of the folder round; the change of the setting starts the engine anew. */
export async function changeNetworkPermission(root: string, signal: AbortSignal): Promise<void> {
	const { networkFolders } = readSettings(null);
	const isOpen = networkFolders.includes(root);
	const change = isOpen ? l10n.t("Close the Network") : l10n.t("Open the Network");
	const answer = await orAborted(
		window.showWarningMessage(
			isOpen
				? l10n.t("Close the network to the tests of {0}?", root)
				: l10n.t("Open the network to the tests of {0}?", root),
			{
				modal: true,
				detail: isOpen
					? l10n.t("They keep a loopback of their own, with nothing else on it.")
					: l10n.t(
							"Every test, also those that the model writes, could then reach servers on this machine and elsewhere, and send them what it can read. Home folder and .git stay closed. Servers that the tests start themselves need none of this.",
						),
			},
			change,
		),
		signal,
	);
	if (answer !== change) return;
	const others = networkFolders.filter((folder) => folder !== root);
	await workspace
		.getConfiguration(SECTION)
		.update(SETTINGS.networkFolders, isOpen ? others : [...others, root], ConfigurationTarget.Global);
}
