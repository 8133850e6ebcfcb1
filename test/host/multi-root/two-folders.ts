/** What the tests of two folders share: the folders by their names, their problems, and what is heard while something is done. */
import assert from "node:assert/strict";
import { commands, type Diagnostic, languages, type Uri, workspace } from "vscode";
import type { RunEvent } from "../../../src/core/events.ts";
import { COMMANDS } from "../../../src/vscode/ids.ts";
import { jetbox } from "../suite/editor.ts";

type Event<T extends RunEvent["type"]> = Extract<RunEvent, { readonly type: T }>;

export function folder(name: string): Uri {
	const found = workspace.workspaceFolders?.find((known) => known.name === name);
	assert.ok(found, `${name} is open`);
	return found.uri;
}

export async function eventsOf<T extends RunEvent["type"]>(
	type: T,
	work: () => Promise<void>,
): Promise<readonly Event<T>[]> {
	const heard: Event<T>[] = [];
	const isWanted = (event: RunEvent): event is Event<T> => event.type === type;
	const subscription = (await jetbox()).onEvent((event) => void (isWanted(event) && heard.push(event)));
	try {
		await work();
	} finally {
		subscription.dispose();
	}
	return heard;
}

/** How each probe of the folder ended. */
export async function probe(name: string): Promise<Readonly<Record<string, string>>> {
	const ended = await eventsOf("probe-finished", async () => {
		await commands.executeCommand(COMMANDS.probe, folder(name));
		// A file that the editor hears of late may bring a newer one in its place.
		await (await jetbox()).idle();
	});
	return Object.fromEntries(
		ended.map((event) => [event.probe, event.status === "not-run" ? event.reason : event.status]),
	);
}

/** Jetbox's own problems of a file. */
export function ours(uri: Uri): readonly Diagnostic[] {
	return languages.getDiagnostics(uri).filter(({ source }) => source?.startsWith("Jetbox") === true);
}

/** Sources of Jetbox's problems beneath a folder. */
export function problemsIn({ path }: Uri): readonly string[] {
	return languages
		.getDiagnostics()
		.filter(([uri]) => uri.path.startsWith(`${path}/`))
		.flatMap(([uri]) => ours(uri).map(({ source }) => source ?? ""));
}
