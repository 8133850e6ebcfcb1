/** As much of Python as template repair needs: functions by indentation, imports, code without its strings and comments. */

export interface PythonFunction {
	readonly name: string;
	readonly path: string;
	/** Name of the class it stands in, or null. */
	readonly owner: string | null;
	/** Indices of lines, from the `def`; `end` exclusive. */
	readonly start: number;
	readonly end: number;
	readonly parameters: readonly string[];
}

export function functionsOf(path: string, text: string): readonly PythonFunction[] {
	const lines = maskedLines(text);
	return lines.flatMap((line, start) => {
		const head = /^(\s*)(?:async )?def (\w+)\s*\((.*)$/.exec(line);
		if (head === null) return [];
		const indent = head[1]?.length ?? 0;
		let end = start + 1;
		while (end < lines.length && belongs(lines[end] ?? "", indent)) end += 1;
		while (end > start + 1 && (lines[end - 1] ?? "").trim() === "") end -= 1;
		const signature = /\((.*?)\)\s*(?:->[^:]*)?:/s.exec(lines.slice(start, end).join("\n"))?.[1] ?? "";
		const parameters = signature.split(",").map((part) => part.split(/[:=]/)[0]?.replace(/[*\s]/g, "") ?? "");
		return [
			{
				name: head[2] ?? "",
				path,
				owner: ownerOf(lines, start, indent),
				start,
				end,
				parameters: parameters.filter((name) => name !== "" && name !== "self" && name !== "cls" && name !== "/"),
			},
		];
	});
}

function belongs(line: string, indent: number): boolean {
	return line.trim() === "" || indentOf(line) > indent || /^\s*\)/.test(line);
}

function ownerOf(lines: readonly string[], start: number, indent: number): string | null {
	for (let at = start - 1; at >= 0 && indent > 0; at -= 1) {
		const line = lines[at] ?? "";
		if (line.trim() === "" || indentOf(line) >= indent) continue;
		return /^\s*class (\w+)/.exec(line)?.[1] ?? null;
	}
	return null;
}

/** Names that masked code refers to. */
export function namesIn(code: string): ReadonlySet<string> {
	return new Set(code.match(/[A-Za-z_]\w*/g) ?? []);
}

/** Modules that a file imports, with the dots of relative ones, and `from x import y` also as `x.y`. */
export function importsOf(text: string): readonly string[] {
	return maskedLines(text).flatMap((line) => {
		const from = /^\s*from\s+(\.*[\w.]*)\s+import\s+\(?(.*)$/.exec(line);
		if (from !== null) {
			const module = from[1] ?? "";
			const names = (from[2] ?? "").replace(/\).*$/, "").split(",");
			const plain = names.map((name) => name.trim().split(" ")[0] ?? "").filter((name) => /^\w+$/.test(name));
			return [module, ...plain.map((name) => (module.endsWith(".") ? module + name : `${module}.${name}`))];
		}
		const plain = /^\s*import\s+(.+)$/.exec(line);
		return plain === null ? [] : (plain[1] ?? "").split(",").map((name) => name.trim().split(" ")[0] ?? "");
	});
}

/** The file of a module, among those listed; without dots also beneath a source folder. */
export function moduleFile(module: string, importer: string, listing: readonly string[]): string | null {
	const dots = /^\.*/.exec(module)?.[0].length ?? 0;
	const inner = module.slice(dots).replaceAll(".", "/");
	const folder = importer.split("/").slice(0, -dots || undefined);
	const base = dots > 0 ? [...folder, inner].filter((part) => part !== "").join("/") : inner;
	const wanted = [`${base}.py`, `${base}/__init__.py`];
	const exact = listing.find((file) => wanted.includes(file));
	return (
		exact ?? (dots > 0 ? null : (listing.find((file) => wanted.some((name) => file.endsWith(`/${name}`))) ?? null))
	);
}

/** How other files import a file. */
export function moduleName(path: string): string {
	return path
		.replace(/^(src|lib)\//, "")
		.replace(/(\/__init__)?\.py$/, "")
		.replaceAll("/", ".");
}

/** A file's lines with every character of strings and comments blanked, so that positions stay. */
export function maskedLines(text: string): readonly string[] {
	let out = "";
	let at = 0;
	while (at < text.length) {
		const char = text[at] ?? "";
		if (char === "#") {
			const end = text.indexOf("\n", at);
			const stop = end < 0 ? text.length : end;
			out += " ".repeat(stop - at);
			at = stop;
		} else if (char === '"' || char === "'") {
			const stop = endOfString(text, at);
			out += text.slice(at, stop).replace(/[^\n]/g, " ");
			at = stop;
		} else {
			out += char;
			at += 1;
		}
	}
	return out.split("\n");
}

function endOfString(text: string, start: number): number {
	const quote = text[start] ?? "";
	const triple = quote.repeat(3);
	const closing = text.startsWith(triple, start) ? triple : quote;
	let at = start + closing.length;
	while (at < text.length) {
		if (text[at] === "\\") at += 2;
		else if (text.startsWith(closing, at)) return at + closing.length;
		else if (text[at] === "\n" && closing.length === 1) return at;
		else at += 1;
	}
	return text.length;
}

export function indentOf(line: string): number {
	return line.length - line.trimStart().length;
}

/**
 * A search text for edit_file that stands once: the lines themselves, with as many around them as it takes.
 * @param end exclusive
 * @param replacement none removes the lines
 * @returns null where no context makes it unique
 */
export function uniqueEdit(
	text: string,
	start: number,
	end: number,
	replacement: readonly string[],
): { readonly oldText: string; readonly newText: string } | null {
	const lines = text.split("\n");
	// Lines go away only together with a neighbour's line end.
	for (let context = replacement.length === 0 ? 1 : 0; context <= lines.length; context += 1) {
		const from = Math.max(0, start - context);
		const to = Math.min(lines.length, end + context);
		const oldText = lines.slice(from, to).join("\n");
		if (oldText.trim() === "" || text.split(oldText).length !== 2) continue;
		const newText = [...lines.slice(from, start), ...replacement, ...lines.slice(end, to)].join("\n");
		return newText === oldText ? null : { oldText, newText };
	}
	return null;
}
