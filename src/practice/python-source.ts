/** As much of Python as template repair needs: functions by indentation, imports, code without its strings and comments. */

export interface PythonFunction {
	readonly name: string;
	readonly path: string;
	/** Indices of lines, `end` exclusive. */
	readonly start: number;
	readonly end: number;
	readonly parameters: readonly string[];
}

export function functionsOf(path: string, text: string): readonly PythonFunction[] {
	const lines = text.split("\n");
	return lines.flatMap((line, start) => {
		const head = /^(\s*)(?:async )?def (\w+)\s*\((.*)$/.exec(line);
		if (head === null) return [];
		const indent = head[1]?.length ?? 0;
		let end = start + 1;
		while (
			end < lines.length &&
			((lines[end] ?? "").trim() === "" || indentOf(lines[end] ?? "") > indent || /^\s*\)/.test(lines[end] ?? ""))
		)
			end += 1;
		while (end > start + 1 && (lines[end - 1] ?? "").trim() === "") end -= 1;
		const parameters =
			(head[3] ?? "")
				.split(")")[0]
				?.split(",")
				.map((part) => part.split(/[:=]/)[0]?.replace(/\*/g, "").trim() ?? "") ?? [];
		return [
			{
				name: head[2] ?? "",
				path,
				start,
				end,
				parameters: parameters.filter((name) => name !== "" && name !== "self"),
			},
		];
	});
}

/** Names that a piece of code calls or refers to. */
export function namesIn(code: string): ReadonlySet<string> {
	return new Set(masked(code).match(/[A-Za-z_]\w*/g) ?? []);
}

/** Modules that a file imports, with the dots of relative ones, and `from x import y` also as `x.y`. */
export function importsOf(text: string): readonly string[] {
	return text.split("\n").flatMap((line) => {
		const from = /^\s*from\s+(\.*[\w.]*)\s+import\s+\(?(.*)$/.exec(line);
		if (from !== null) {
			const module = from[1] ?? "";
			const names = (from[2] ?? "")
				.replace(/[()#].*$/, "")
				.split(",")
				.map((name) => name.trim().split(" ")[0] ?? "");
			return [
				module,
				...names
					.filter((name) => /^\w+$/.test(name))
					.map((name) => (module.endsWith(".") ? module + name : `${module}.${name}`)),
			];
		}
		const plain = /^\s*import\s+(.+)$/.exec(line);
		return plain === null ? [] : (plain[1] ?? "").split(",").map((name) => name.trim().split(" ")[0] ?? "");
	});
}

/** The file of a module, among those listed. */
export function moduleFile(module: string, importer: string, listing: readonly string[]): string | null {
	const dots = /^\.*/.exec(module)?.[0].length ?? 0;
	const folder = importer
		.split("/")
		.slice(0, -dots || undefined)
		.join("/");
	const base =
		dots > 0
			? [folder, module.slice(dots).replaceAll(".", "/")].filter((part) => part !== "").join("/")
			: module.replaceAll(".", "/");
	const wanted = [`${base}.py`, `${base}/__init__.py`];
	return (
		listing.find((file) => wanted.some((name) => file === name || (dots === 0 && file.endsWith(`/${name}`)))) ?? null
	);
}

/** The same text with every character of strings and comments blanked, so that positions stay. */
export function masked(line: string): string {
	let out = "";
	let quote = "";
	for (let at = 0; at < line.length; at += 1) {
		const char = line[at] ?? "";
		if (quote !== "") {
			out += char === "\n" ? char : " ";
			if (char === "\\") {
				out += " ";
				at += 1;
			} else if (char === quote || char === "\n") quote = "";
		} else if (char === '"' || char === "'") {
			quote = char;
			out += " ";
		} else if (char === "#") {
			const end = line.indexOf("\n", at);
			const stop = end < 0 ? line.length : end;
			out += " ".repeat(stop - at);
			at = stop - 1;
		} else out += char;
	}
	return out;
}

export function indentOf(line: string): number {
	return line.length - line.trimStart().length;
}

/**
 * A search text for edit_file that stands once: the lines themselves, with as many around them as it takes.
 * @returns null where no context makes it unique
 */
export function uniqueEdit(
	text: string,
	start: number,
	end: number,
	replacement: readonly string[],
): { readonly oldText: string; readonly newText: string } | null {
	const lines = text.split("\n");
	for (let context = 0; context <= lines.length; context += 1) {
		const from = Math.max(0, start - context);
		const to = Math.min(lines.length, end + context);
		const oldText = lines.slice(from, to).join("\n");
		if (oldText.trim() !== "" && text.split(oldText).length === 2) {
			return { oldText, newText: [...lines.slice(from, start), ...replacement, ...lines.slice(end, to)].join("\n") };
		}
	}
	return null;
}
