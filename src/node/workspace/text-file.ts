/** A text file behind the path gate. */
import { realpath } from "node:fs/promises";
import type { TextFile } from "../../core/ports.ts";
import { type Place, placeOf, readConfined } from "./confined-files.ts";
import { sha256 } from "./sha256.ts";
import { decodeText } from "./text-encoding.ts";

/** @throws WorkspaceError */
export async function readTextAt(place: Place): Promise<TextFile> {
	const { bytes } = await readConfined(place);
	return { path: place.path, text: decodeText(bytes, place.path), hash: sha256(bytes), sizeBytes: bytes.length };
}

/** Outside a run, as a run's own tools would read it. @throws WorkspaceError; an error of the file system where the folder is gone */
export async function readTextIn(root: string, path: string): Promise<TextFile> {
	return readTextAt(await placeOf(await realpath(root), path));
}
