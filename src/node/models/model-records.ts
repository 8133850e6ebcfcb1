/** What was measured of models, a file for each kind beneath the state folder: by server, name and the digest of its files. */
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ModelInfo } from "../../core/machine.ts";
import { isSelfTestResult, type SelfTestResult } from "../../core/model/self-test.ts";
import { type Guard, isOneOf, isShaped } from "../../core/record/guards.ts";
import type { Placed, Placement } from "../ollama/running.ts";

export interface RecordKey {
	readonly server: string;
	readonly name: string;
	readonly digest: string;
}

const PLACEMENT = ".placement";

type SelfTestRecord = RecordKey & { readonly selfTest: SelfTestResult };
type PlacementRecord = RecordKey & { readonly placement: Placed };

/** Null where the server names no digest: what was measured could not be found again. */
export function recordKeyOf(server: string, { name, digest }: ModelInfo): RecordKey | null {
	return digest === null ? null : { server, name, digest };
}

/** The stored self-test, or null where there is none that can be read. */
export async function readSelfTest(folder: string, key: RecordKey): Promise<SelfTestResult | null> {
	const record = await read(
		pathOf(folder, key),
		isShaped<SelfTestRecord>({ ...guardsOf(key), selfTest: isSelfTestResult }),
	);
	return record?.selfTest ?? null;
}

export function writeSelfTest(folder: string, key: RecordKey, selfTest: SelfTestResult): Promise<void> {
	return write(folder, pathOf(folder, key), { ...key, selfTest });
}

/** Where the model lay when it was last loaded, or null where nothing that can be read tells. */
export async function readPlacement(folder: string, key: RecordKey): Promise<Placement> {
	const isIt = isShaped<PlacementRecord>({ ...guardsOf(key), placement: isOneOf("cpu", "gpu") });
	return (await read(pathOf(folder, key, PLACEMENT), isIt))?.placement ?? null;
}

export function writePlacement(folder: string, key: RecordKey, placement: Placed): Promise<void> {
	return write(folder, pathOf(folder, key, PLACEMENT), { ...key, placement });
}

async function read<T>(path: string, isIt: Guard<T>): Promise<T | null> {
	try {
		const value: unknown = JSON.parse(await readFile(path, "utf8"));
		return isIt(value) ? value : null;
	} catch {
		return null;
	}
}

async function write(folder: string, path: string, record: object): Promise<void> {
	await mkdir(folder, { recursive: true });
	const temporary = `${path}.${process.pid}.tmp`;
	await writeFile(temporary, `${JSON.stringify({ ...record, at: new Date().toISOString() }, null, "\t")}\n`);
	await rename(temporary, path);
}

/** A file that came under another's name is none of its model's. */
function guardsOf({ server, name, digest }: RecordKey) {
	return { server: isOneOf(server), name: isOneOf(name), digest: isOneOf(digest) };
}

function pathOf(folder: string, { server, name, digest }: RecordKey, kind = ""): string {
	const id = createHash("sha256")
		.update(JSON.stringify([server, name, digest]))
		.digest("hex");
	return join(folder, `${id.slice(0, 32)}${kind}.json`);
}
