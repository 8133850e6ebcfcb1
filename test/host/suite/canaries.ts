/** Around every test in the editor: what the canaries of the launcher see is that test's failure. */
import assert from "node:assert/strict";
import type { RootHookObject } from "mocha";
import { DEFAULT_SERVER_PORT } from "../../canaries/canaries.ts";
import { changesBetween, type Prints, printsOf } from "../../canaries/files.ts";
import { hearSockets } from "../../canaries/hearing.ts";
import { forbidden, type SocketUse } from "../../canaries/sockets.ts";
import { type Watch, watchProcesses } from "../../canaries/watch.ts";
import { ownProgramsBelow } from "../../fixtures/processes.ts";

/** Where the editor's own extensions call, in the same process, whatever the settings say. */
const OF_THE_EDITOR =
	/(?:^|\.)(?:exp-tas\.com|visualstudio\.com|vscode-cdn\.net|vscode-unpkg\.net|microsoft\.com|open-vsx\.org|github\.com)$/;

/** @param folders that nobody may change: a home and one beside the workspace */
export function canaryHooks(folders: readonly string[]): RootHookObject {
	const look = (): Prints => new Map(folders.flatMap((folder) => [...printsOf(folder)]));
	const before = look();
	const heard: SocketUse[] = [];
	const told = new Set<string>();
	let stopHearing: () => void = () => undefined;
	let watch: Watch | null = null;
	return {
		beforeAll() {
			// The extension runs in this very process, with others; the engine and the practice model in their own below it.
			stopHearing = hearSockets((use) => {
				// Socket files are the editor's own ways.
				if (use.port === 0 || OF_THE_EDITOR.test(use.host)) return;
				heard.push(use);
				// Whose port it is may be seen now, and no more in a moment.
				watch?.look();
			});
			watch = watchProcesses(() => ownProgramsBelow(process.pid));
		},
		afterEach() {
			const uses = [...heard, ...(watch?.sockets() ?? [])];
			const seen = [...changesBetween(before, look()), ...forbidden(uses, new Set([DEFAULT_SERVER_PORT]))];
			const fresh = seen.filter((what) => !told.has(what));
			for (const what of fresh) told.add(what);
			assert.deepEqual(fresh, [], "what the canaries saw");
		},
		afterAll() {
			stopHearing();
			watch?.stop();
		},
	};
}
