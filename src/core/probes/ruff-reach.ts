/** What a ruff configuration draws in: bases that it extends, and sources of names that ruff does not read by itself. */
import { nameOf } from "./inputs.ts";
import { isRuffConfig } from "./ruff.ts";

export interface ConfigReach {
	/** Paths of its bases as they are written, with variables filled in. */
	readonly bases: readonly string[];
	/** Whether it makes files of other names sources. */
	readonly namesSources: boolean;
}

/** Wherever it stands, also in a comment: a base too many costs a look, one too few is wrong. */
const EXTEND =
	/(?<![\w-])["']?extend["']?\s*=\s*(?:"""\n?([\s\S]*?)"""|'''\n?([\s\S]*?)'''|"((?:[^"\\\n]|\\.)*)"|'([^'\n]*)')/g;
const SOURCES = /(?<![\w-])(?:["']?(?:(?:extend-)?include|extension)["']?\s*[=.]|extension\s*\])/;
const HEADER = /^[ \t]*\[+[ \t]*([\w."' -]+?)[ \t]*\]+[ \t]*(?:#.*)?$/m;
/** `[tool]` may hold the table of ruff inline. */
const RUFF_TABLE = /^["']?tool["']?(?:\s*\.\s*["']?ruff\b|$)/;
const ESCAPED = /\\(?:u([\da-fA-F]{4})|U([\da-fA-F]{8})|([\s\S]))/g;
const ESCAPES: Readonly<Record<string, string>> = { b: "\b", t: "\t", n: "\n", f: "\f", r: "\r" };
const VARIABLE = /\$(?:\{(\w+)(?::-([^}]*))?\}|([A-Za-z_]\w*))/g;

/** @param path of the configuration; a pyproject.toml holds tables of other tools, too */
export function configReach(path: string, text: string, env: Readonly<Record<string, string>>): ConfigReach {
	const isShared = nameOf(path) === "pyproject.toml";
	if (isShared && !isRuffConfig("pyproject.toml", text)) return { bases: [], namesSources: false };
	const bases = [...text.matchAll(EXTEND)].map(([, longBasic, longLiteral, basic, literal]) =>
		expanded(longLiteral ?? literal ?? unescaped(longBasic ?? basic ?? ""), env),
	);
	return { bases, namesSources: SOURCES.test(isShared ? ruffTables(text) : text) };
}

/** What stands beneath the headers of ruff's tables, those headers, and what stands before any. */
function ruffTables(text: string): string {
	const [before = "", ...tables] = text.split(new RegExp(`(?=${HEADER.source})`, "m"));
	return [before, ...tables.filter((table) => RUFF_TABLE.test(HEADER.exec(table)?.[1] ?? ""))].join("");
}

function unescaped(text: string): string {
	return text.replace(ESCAPED, (_, short?: string, long?: string, other = "") => {
		const code = short ?? long;
		return code === undefined ? (ESCAPES[other] ?? other) : String.fromCodePoint(Number.parseInt(code, 16));
	});
}

/** As ruff does it (the crate shellexpand): what is not set stays, and ruff refuses the whole. */
function expanded(path: string, env: Readonly<Record<string, string>>): string {
	const home = env["HOME"] ?? env["USERPROFILE"];
	const fromHome = home !== undefined && /^~(?=[/\\]|$)/.test(path) ? home + path.slice(1) : path;
	return fromHome.replace(VARIABLE, (written: string, braced?: string, otherwise?: string, bare?: string) => {
		return env[braced ?? bare ?? ""] ?? otherwise ?? written;
	});
}
