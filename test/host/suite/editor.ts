/** What the host tests share: the extension's API, the demo project's files, and waiting for what the editor does by itself. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Diagnostic, extensions, languages, Uri, workspace } from "vscode";
import type { JetboxApi } from "../../../src/extension.ts";

const POLL_MS = 50;
const DEADLINE_MS = 60_000;

export const TASK = "Make the failing tests pass and fix the lint errors";

/** The extension's API; the first call activates it. */
export async function jetbox(): Promise<JetboxApi> {
	const extension = extensions.getExtension<JetboxApi>("jetbox.jetbox");
	assert.ok(extension, "the extension is installed");
	return extension.activate();
}

/** Absolute path of a file of the opened project. */
export function at(path: string): string {
	const folder = workspace.workspaceFolders?.[0];
	assert.ok(folder, "a folder is open");
	return join(folder.uri.fsPath, path);
}

export function read(path: string): string {
	return readFileSync(at(path), "utf8");
}

/** Jetbox's own diagnostics of all files. */
export function problems(): Diagnostic[] {
	return languages
		.getDiagnostics()
		.flatMap(([, found]) => found)
		.filter(({ source }) => source !== undefined && /ruff|pytest|jetbox/i.test(source));
}

/** Waits until it holds. @throws AssertionError when it does not within a minute */
export async function until(what: string, holds: () => boolean): Promise<void> {
	for (let waited = 0; !holds(); waited += POLL_MS) {
		assert.ok(waited < DEADLINE_MS, `still not so: ${what}`);
		await delay(POLL_MS);
	}
}

/** Waits until the open documents of these files hold what the disk holds. */
export async function asOnDisk(files: readonly string[]): Promise<void> {
	const wanted = new Map(files.map((file) => [Uri.file(at(file)).toString(), file]));
	await until("the editor has read the files again", () =>
		workspace.textDocuments.every((document) => {
			const file = wanted.get(document.uri.toString());
			return file === undefined || (!document.isDirty && document.getText() === read(file));
		}),
	);
}
