/** Keys of OpenAI-compatible servers: in the editor's secret storage alone, one for each address, so that none goes elsewhere. */
import { l10n, type SecretStorage, window } from "vscode";

const KEY = "jetbox.apiKey";

/** The key for that address, or null. */
export async function readApiKey(secrets: SecretStorage, server: string): Promise<string | null> {
	return (await secrets.get(`${KEY}:${server}`)) ?? null;
}

/** Asks for the key of that address; an empty one takes it away. */
export async function setApiKey(secrets: SecretStorage, server: string): Promise<void> {
	const given = await window.showInputBox({
		title: l10n.t("Jetbox: Set API Key"),
		prompt: l10n.t("For {0}. It is kept in the editor's secret storage and sent to this address alone.", server),
		placeHolder: l10n.t("Leave it empty to remove the key"),
		password: true,
		ignoreFocusOut: true,
	});
	if (given === undefined) return;
	const key = given.trim();
	if (key === "") await secrets.delete(`${KEY}:${server}`);
	else await secrets.store(`${KEY}:${server}`, key);
	void window.showInformationMessage(
		key === "" ? l10n.t("The API key for {0} was removed.", server) : l10n.t("The API key for {0} is set.", server),
	);
}
