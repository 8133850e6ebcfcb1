/** Text of a file without losing what makes its bytes: BOM and line ends come back as they were (threats F45-F49). */
import { WorkspaceError } from "../../core/ports.ts";

const BOM = "\ufeff";

/** @throws WorkspaceError `binary` for anything but UTF-8 text */
export function decodeText(bytes: Uint8Array, path: string): string {
	if (bytes.includes(0)) throw new WorkspaceError("binary", `${path} is a binary file.`);
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
	} catch (error) {
		throw new WorkspaceError("binary", `${path} is not UTF-8 text, so it cannot be edited without loss.`, {
			cause: error,
		});
	}
}

/**
 * Bytes of a new text, with the old file's BOM, and its line ends where it used only one kind and the new text has lost it.
 * @param old the bytes that are replaced, or null
 * @throws WorkspaceError `binary` where the text has no exact UTF-8 form
 */
export function encodeText(text: string, old: Uint8Array | null, path: string): Buffer {
	if (!text.isWellFormed() || text.includes("\0"))
		throw new WorkspaceError("binary", `The text for ${path} holds characters that cannot be stored.`);
	const bare = text.startsWith(BOM) ? text.slice(1) : text;
	if (old === null) return Buffer.from(bare);
	const before = Buffer.from(old).toString("utf8");
	const onlyCrLf = before.includes("\r\n") && !/(^|[^\r])\n/.test(before);
	const ended = onlyCrLf && !bare.includes("\r\n") ? bare.replaceAll("\n", "\r\n") : bare;
	return Buffer.from(before.startsWith(BOM) ? BOM + ended : ended);
}
