/** Lint findings that have one evident repair. */
import type { Lint } from "./probe-message.ts";

/**
 * The lines in place of a finding's line; an empty list removes it.
 * @returns null where there is no template
 */
export function lintRepair(line: string, { code, message, column }: Lint): readonly string[] | null {
	const indent = line.slice(0, line.length - line.trimStart().length);
	switch (code) {
		case "F401":
			return withoutImport(line, /`([^`]+)`/.exec(message)?.[1] ?? "");
		case "F841": {
			const value = /^\s*\w+\s*(?::[^=]+)?=\s*(.+)$/.exec(line)?.[1];
			if (value === undefined) return null;
			return value.includes("(") ? [indent + value] : [];
		}
		case "F541":
			return [line.replace(/\b[fF](?=["'])/, "")];
		case "E711":
			return [line.replace(/\s*==\s*None/, " is None").replace(/\s*!=\s*None/, " is not None")];
		case "E712":
			return [line.replace(/\s*==\s*True\b/, "").replace(/(\S+)\s*==\s*False\b/, "not $1")];
		case "E713":
			return [line.replace(/not (\S+) in /, "$1 not in ")];
		case "E714":
			return [line.replace(/not (\S+) is /, "$1 is not ")];
		case "E401":
			return (/^\s*import (.+)$/.exec(line)?.[1] ?? "").split(",").map((name) => `${indent}import ${name.trim()}`);
		case "E701":
			return [line.slice(0, column), `${indent}    ${line.slice(column).trim()}`];
		case "E702":
			return line.split(";").map((part, index) => (index === 0 ? part.trimEnd() : indent + part.trim()));
		case "E703":
			return [line.replace(/;\s*$/, "")];
		case "E722":
			return [line.replace(/except\s*:/, "except Exception:")];
		case "W291":
		case "W293":
			return [line.trimEnd()];
		default:
			return null;
	}
}

function withoutImport(line: string, qualified: string): readonly string[] | null {
	const plain = /^(\s*)import\s+(.+)$/.exec(line);
	const from = /^(\s*from\s+\S+\s+import\s+)([^(#]+)$/.exec(line);
	const [head, names] =
		plain !== null ? [`${plain[1]}import `, plain[2] ?? ""] : from !== null ? [from[1] ?? "", from[2] ?? ""] : ["", ""];
	if (head === "") return null;
	const kept = names
		.split(",")
		.map((name) => name.trim())
		.filter((name) => {
			const [original = "", , alias] = name.split(/\s+/);
			const wanted = qualified.split(" as ")[0] ?? "";
			return !(wanted === original || wanted.endsWith(`.${original}`) || alias === qualified);
		});
	return kept.length === 0 ? [] : [head + kept.join(", ")];
}
