/** The person's settings as values, and word of their changes. */
import { type Disposable, Uri, workspace } from "vscode";
import { OWN_VALUE_ONLY, SECTION } from "./ids.ts";
import { type Settings, settingsOf } from "./settings-values.ts";

/**
 * The settings of now.
 * @param root absolute path of the folder whose own values count; null where none of those of the scope `resource` is asked for
 */
export function readSettings(root: string | null): Settings {
	return settingsOf(rawValues(root));
}

/** Everything that engines are started with, for all open folders: equal where they can go on. */
export function engineSettings(): string {
	const roots = (workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
	const each = roots.map((root) => {
		const { probes, networkFolders } = readSettings(root);
		return { root, probes, networkFolders };
	});
	return JSON.stringify(each);
}

/** Calls when any of Jetbox's settings changed. */
export function onSettingsChanged(listener: () => void): Disposable {
	return workspace.onDidChangeConfiguration((event) => {
		if (event.affectsConfiguration(SECTION)) listener();
	});
}

/** Asks the editor for its configuration once: each question costs the extension host time. */
function rawValues(root: string | null): (key: string) => unknown {
	const configuration = workspace.getConfiguration(SECTION, root === null ? null : Uri.file(root));
	return (key) => {
		if (!OWN_VALUE_ONLY.includes(key)) return configuration.get(key);
		const inspected = configuration.inspect(key);
		return inspected?.globalValue ?? inspected?.defaultValue;
	};
}
