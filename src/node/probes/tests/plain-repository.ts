/** Whether a repository holds nothing that git would run: as `git init` leaves it, or `git clone` (git-config(1), githooks(5)). */
import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { readPlainText } from "../content/plain-file.ts";

const MAX_CONFIG_BYTES = 64 * 1024;
/** Settings that name no program and include no other file; whatever else there is may. */
const HARMLESS = [
	/^core\.(?:repositoryformatversion|filemode|bare|logallrefupdates|ignorecase|precomposeunicode|symlinks|autocrlf)$/,
	/^user\.(?:name|email)$/,
	/^init\.defaultbranch$/,
	/^branch\..*\.(?:remote|merge)$/,
	/^remote\..*\.fetch$/,
];
const REMOTE = /^remote\..*\.url$/;
/** `ext::program` and the like are run; an address or a path is not. */
const HELPER = /::/;
const SECTION = /^\[\s*([\w.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]\s*(.*)$/;
const SETTING = /^([A-Za-z][\w-]*)\s*(?:=\s*(.*))?$/;

/** @param folder a `.git`; one that is a link, or a file that points elsewhere, is not plain */
export function isPlainRepository(folder: string): boolean {
	try {
		if (!lstatSync(folder).isDirectory()) return false;
		return hasHarmlessConfig(join(folder, "config")) && hasNoHooks(join(folder, "hooks"));
	} catch {
		return false;
	}
}

/** None is there as long as `git init` is at work. */
function hasHarmlessConfig(path: string): boolean {
	if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return true;
	const config = readPlainText(path, MAX_CONFIG_BYTES);
	if (config === null) return false;
	let section = "";
	return config.split("\n").every((written) => {
		const line = written.trim();
		const [whole, name = "", subsection, rest = ""] = SECTION.exec(line) ?? [];
		if (whole !== undefined) section = subsection === undefined ? name : `${name}.${subsection}`;
		return isHarmlessSetting(section, whole === undefined ? line : rest);
	});
}

function isHarmlessSetting(section: string, text: string): boolean {
	if (text === "" || /^[#;]/.test(text)) return true;
	const [, key, value = ""] = SETTING.exec(text) ?? [];
	// A line that goes on in the next one may hide what it sets there.
	if (key === undefined || value.endsWith("\\")) return false;
	const name = `${section}.${key}`.toLowerCase();
	return HARMLESS.some((known) => known.test(name)) || (REMOTE.test(name) && !HELPER.test(value));
}

function hasNoHooks(folder: string): boolean {
	if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) return true;
	return lstatSync(folder).isDirectory() && readdirSync(folder).every((name) => name.endsWith(".sample"));
}
