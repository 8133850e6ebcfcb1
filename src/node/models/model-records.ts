/** What was measured of models, one file each beneath the state folder: by server, name and the digest of its files. */
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ModelInfo } from "../../core/machine.ts";
import { isSelfTestResult, type SelfTestResult } from "../../core/model/self-test.ts";
import { isOneOf, isShaped } from "../../core/record/guards.ts";

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

export async function writeSelfTest(folder: string, key: RecordKey, selfTest: SelfTestResult): Promise<void> {
	await mkdir(folder, { recursive: true });
	const path = pathOf(folder, key);
	const temporary = `${path}.${process.pid}.tmp`;
	await writeFile(temporary, `${JSON.stringify({ ...key, at: new Date().toISOString(), selfTest }, null, "\t")}\n`);
	await rename(temporary, path);
}

/** A file that came under another's name is none of its model's. */
function isRecordOf({ server, name, digest }: RecordKey) {
	return isShaped<RecordKey & { readonly selfTest: SelfTestResult }>({
		server: isOneOf(server),
		name: isOneOf(name),
		digest: isOneOf(digest),
		selfTest: isSelfTestResult,
	});
}

function pathOf(folder: string, { server, name, digest }: RecordKey): string {
	const id = createHash("sha256")
		.update(JSON.stringify([server, name, digest]))
		.digest("hex");
	return join(folder, `${id.slice(0, 32)}.json`);
}
