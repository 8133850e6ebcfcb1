/** Whether a path that a model gave can be a file of the workspace at all; links are the adapter's to check. Pure, the same on every OS. */

export type PathVerdict =
	| { readonly ok: true /** Relative, forward slashes, normalised. */; readonly path: string }
	| { readonly ok: false; readonly code: "outside" | "bad-path"; readonly why: string };

const MAX_PATH_CHARS = 1_024;
const MAX_NAME_CHARS = 255;
const MAX_DEPTH = 64;
/** Also with an extension, and with the superscript digits that Windows takes for digits. */
const DEVICE_NAME = /^(con|prn|aux|nul|conin\$|conout\$|clock\$|(com|lpt)[\d¹²³])\s*(\..*)?$/i;

/**
 * Normalises a model's path against the workspace folder (threats A01-A03, A10, A13).
 * @param root absolute real path of the workspace, forward slashes
 */
export function checkPath(given: string, root: string): PathVerdict {
	if (!given.isWellFormed()) return bad("the path is no valid text");
	const text = given.normalize("NFC");
	if (text === "" || text.length > MAX_PATH_CHARS) return bad("the path is empty or too long");
	if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text)) return bad("the path holds control or invisible characters");
	if (text.includes("\\")) return bad("write the path with forward slashes");
	if (text.startsWith("~") || /^[a-z][a-z0-9+.-]*:/i.test(text)) return outside();
	const top = root.normalize("NFC");
	const beneath = text === top ? "." : text.startsWith(`${top}/`) ? text.slice(top.length + 1) : text;
	if (beneath.startsWith("/")) return outside();
	const parts: string[] = [];
	for (const part of beneath.split("/")) {
		if (part === "" || part === ".") continue;
		if (part === "..") {
			if (parts.pop() === undefined) return outside();
			continue;
		}
		const problem = nameProblem(part);
		if (problem !== null) return bad(problem);
		parts.push(part);
		if (parts.length > MAX_DEPTH) return bad("the path has too many folders");
	}
	return { ok: true, path: parts.join("/") || "." };
}

/** Whether a path that a tool printed is one of the workspace's: relative, and never upwards (threats A73). */
export function isBeneath(path: string): boolean {
	return !/^([/\\]|[a-z]:)/i.test(path) && !path.includes("\0") && !path.split(/[/\\]/).includes("..");
}

function nameProblem(name: string): string | null {
	if (name.length > MAX_NAME_CHARS) return "a name in the path is too long";
	if (/[. ]$/.test(name)) return `the name "${name}" ends in a dot or a space`;
	if (/[:*?"<>|]/.test(name)) return `the name "${name}" holds a character that some systems forbid`;
	if (/^~|~\d/.test(name)) return `the name "${name}" could be a home folder or a short name of another file`;
	if (DEVICE_NAME.test(name)) return `"${name}" is a device name on some systems`;
	return null;
}

function outside(): PathVerdict {
	return { ok: false, code: "outside", why: "the path leads out of the workspace; give a path relative to it" };
}

function bad(why: string): PathVerdict {
	return { ok: false, code: "bad-path", why };
}
