/** Opens the sample project; in its window the first task stands ready in the sidebar. */
import { commands, l10n, RelativePattern, Uri, workspace } from "vscode";
import { SAMPLE_MARK } from "../core/sample-mark.ts";

export async function openSample(createSample: () => Promise<string>): Promise<void> {
	const folder = await createSample();
	const forceNewWindow = (workspace.workspaceFolders ?? []).length > 0;
	await commands.executeCommand("vscode.openFolder", Uri.file(folder), { forceNewWindow });
}

/** Whether this window shows the sample. */
export async function isSample(): Promise<boolean> {
	const [folder] = workspace.workspaceFolders ?? [];
	if (folder?.uri.scheme !== "file") return false;
	const found = await workspace.findFiles(new RelativePattern(folder, SAMPLE_MARK), null, 1);
	return found.length > 0;
}

export function sampleTask(): string {
	return l10n.t("Make the failing tests pass and fix the lint errors");
}
