/** Text of a file without losing what makes its bytes: BOM and line ends come back as they were (threats F45-F49). */
import { WorkspaceError } from "../../core/ports.ts";

const BOM = "\ufeff";
/** PEP 263: a comment in one of the first two lines names the encoding of a Python file. */
const COOKIE = /^(?:[^\n]*\n)?[ \t\f]*#[^\n]*?coding[:=][ \t]*([-\w.]+)/;
const UTF8_NAMES = /^utf[-_]?8(?:[-_]sig)?$/i;

/** @throws WorkspaceError `binary` for anything but UTF-8 text */
export function decodeText(bytes: Uint8Array, path: string): string {
	if (bytes.includes(0)) throw new WorkspaceError("binary", `${path} is a binary file.`);
	let text: string;
	try {
		text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
	} catch (error) {
		throw new WorkspaceError("binary", `${path} is not UTF-8 text, so it cannot be edited without loss.`, {
			cause: error,
		});
	}
	checkCodec(text, path);
	return text;
}

/**
 * Bytes of a new text, with the old file's BOM, and its line ends where it used only one kind and the new text has lost it.
 * @param old the bytes that are replaced, or null
 * @throws WorkspaceError `binary` where the text has no exact UTF-8 form
 */
export function encodeText(text: string, old: Uint8Array | null, path: string): Buffer {
	if (!text.isWellFormed() || text.includes("\0"))
		throw new WorkspaceError("binary", `The text for ${path} holds characters that cannot be stored.`);
	checkCodec(text, path);
	const before = old === null ? "" : Buffer.from(old).toString("utf8");
	// What is read of a file with two BOMs begins with the second, which is then the file's own.
	const bare = text.startsWith(BOM) && !before.startsWith(BOM + BOM) ? text.slice(1) : text;
	const onlyCrLf = before.includes("\r\n") && !/(^|[^\r])\n/.test(before);
	const ended = onlyCrLf && !bare.includes("\r\n") ? bare.replaceAll("\n", "\r\n") : bare;
	return Buffer.from(before.startsWith(BOM) ? BOM + ended : ended);
}

/** A Python file that declares another encoding means other characters by the bytes that UTF-8 has beyond ASCII (threats F47). */
function checkCodec(text: string, path: string): void {
	if (!/\.pyi?$/i.test(path)) return;
	const codec = COOKIE.exec(text)?.[1];
	if (codec === undefined || UTF8_NAMES.test(codec) || /^[\0-\x7f]*$/.test(text)) return;
	throw new WorkspaceError("binary", `${path} declares the encoding ${codec}, so it cannot be edited without loss.`);
}
