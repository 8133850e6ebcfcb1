/** What was measured of models, one file each beneath the state folder: by server, name and the digest of its files. */
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ModelInfo } from "../../core/machine.ts";
import { isSelfTestResult, type SelfTestResult } from "../../core/model/self-test.ts";
import { isOneOf, isShaped } from "../../core/record/guards.ts";
import type { Placement } from "../ollama/running.ts";

type Placed = Exclude<Placement, null>;

export interface RecordKey {
	readonly server: string;
	readonly name: string;
	readonly digest: string;
}

/** Null where the server names no digest: what was measured could not be found again. */
export function recordKeyOf(server: string, { name, digest }: ModelInfo): RecordKey | null {
	return digest === null ? null : { server, name, digest };
}

/** The stored self-test, or null where there is none that can be read. */
export async function readSelfTest(folder: string, key: RecordKey): Promise<SelfTestResult | null> {
	try {
		const value: unknown = JSON.parse(await readFile(pathOf(folder, key), "utf8"));
		return isRecordOf(key)(value) ? value.selfTest : null;
	} catch {
		return null;
	}
}

export function writeSelfTest(folder: string, key: RecordKey, selfTest: SelfTestResult): Promise<void> {
	return write(folder, pathOf(folder, key), { ...key, selfTest });
}

/** Where the model lay when it was last loaded, or null where nothing that can be read tells. */
export async function readPlacement(folder: string, key: RecordKey): Promise<Placement> {
	try {
		const value: unknown = JSON.parse(await readFile(placementPathOf(folder, key), "utf8"));
		return isPlacementOf(key)(value) ? value.placement : null;
	} catch {
		return null;
	}
}

export function writePlacement(folder: string, key: RecordKey, placement: Placed): Promise<void> {
	return write(folder, placementPathOf(folder, key), { ...key, placement });
}

async function write(folder: string, path: string, record: object): Promise<void> {
	await mkdir(folder, { recursive: true });
	const temporary = `${path}.${process.pid}.tmp`;
	await writeFile(temporary, `${JSON.stringify({ ...record, at: new Date().toISOString() }, null, "\t")}\n`);
	await rename(temporary, path);
}

/** A file that came under another's name is none of its model's. */
function isRecordOf(key: RecordKey) {
	return isShaped<RecordKey & { readonly selfTest: SelfTestResult }>({ ...isKey(key), selfTest: isSelfTestResult });
}

function isPlacementOf(key: RecordKey) {
	return isShaped<RecordKey & { readonly placement: Placed }>({ ...isKey(key), placement: isOneOf("cpu", "gpu") });
}

function isKey({ server, name, digest }: RecordKey) {
	return { server: isOneOf(server), name: isOneOf(name), digest: isOneOf(digest) };
}

function placementPathOf(folder: string, key: RecordKey): string {
	return pathOf(folder, key).replace(/\.json$/, ".placement.json");
}

function pathOf(folder: string, { server, name, digest }: RecordKey): string {
	const id = createHash("sha256")
		.update(JSON.stringify([server, name, digest]))
		.digest("hex");
	return join(folder, `${id.slice(0, 32)}.json`);
}
