/**
 * The canaries around an end-to-end test, the same for the command line, the editor's host and the UI: files outside the workspace,
 * a port that nobody may connect to, and a look at every socket and process of the program under test.
 */
import { randomUUID } from "node:crypto";
import type { ProcessMark } from "../fixtures/processes.ts";
import { layOutFiles } from "./files.ts";
import { openCanaryPort } from "./port.ts";
import { forbidden, type SocketUse } from "./sockets.ts";
import { processesLeft, watchProcesses } from "./watch.ts";

export { ownProgramsBelow } from "../fixtures/processes.ts";

/** Where Jetbox looks for a server when none is named. */
export const DEFAULT_SERVER_PORT = 11_434;

export interface Canaries {
	/** What the program under test has to find in its environment. */
	readonly env: Readonly<Record<"HOME" | "USERPROFILE" | "JETBOX_TEST_TAG", string>>;
	/** Stands in every canary file. */
	readonly secret: string;
	readonly port: number;
	/** Begins to watch a program and all that it starts. @param ports of configured servers */
	follow(roots: () => readonly number[], ports: ReadonlySet<number>): Followed;
	/** What happened to files and port since the beginning, in words; nothing where all is well. */
	violations(): readonly string[];
	/** What carries the tag and does not end by itself, in words. */
	left(): Promise<readonly string[]>;
	close(): Promise<void>;
}

export interface Followed {
	/** What must not be, in words, seen so far and by others (`heard`). */
	sockets(heard?: readonly SocketUse[]): readonly string[];
	/** Every process that was seen. */
	processes(): readonly ProcessMark[];
	/** To be asked when the program has ended: what is left of it after a while, in words. */
	left(graceMs?: number): Promise<readonly string[]>;
	stop(): void;
}

/** @param places see layOutFiles */
export async function openCanaries(places: {
	readonly home: string;
	readonly beside: string;
	readonly skip?: readonly string[];
}): Promise<Canaries> {
	const files = layOutFiles(places.home, places.beside, places.skip);
	const port = await openCanaryPort();
	const tag = randomUUID();
	return {
		env: { HOME: places.home, USERPROFILE: places.home, JETBOX_TEST_TAG: tag },
		secret: files.secret,
		port: port.port,
		follow(roots, ports) {
			const watch = watchProcesses(roots);
			return {
				sockets: (heard = []) => forbidden([...watch.sockets(), ...heard], ports),
				processes: watch.processes,
				left: (graceMs) => processesLeft(watch.processes(), tag, graceMs),
				stop: watch.stop,
			};
		},
		violations() {
			const hits = port.hits();
			return [...files.changes(), ...(hits === 0 ? [] : [`the canary port was connected to ${hits} times`])];
		},
		left: () => processesLeft([], tag),
		close: port.close,
	};
}
