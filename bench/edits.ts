/** Edits of one file that differ each time, so that no cache knows their content. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const MARK_CHARS = 40;

export interface FileEdits {
	/** Another text that changes nothing for the tests. */
	pass(): void;
	/** Another text with the breaking change. */
	break(): void;
	restore(): void;
}

/** @param breaking the text to replace, and by what; its first occurrence */
export function createEdits(
	root: string,
	file: string,
	breaking: { readonly from: string; readonly to: string } | null = null,
): FileEdits {
	const path = join(root, file);
	const original = readFileSync(path, "utf8");
	let count = 0;
	const write = (text: string): void => {
		count += 1;
		writeFileSync(path, `${text}\n${markOf(count)}`);
	};
	return {
		pass: () => write(original),
		break() {
			if (breaking === null || !original.includes(breaking.from)) throw new Error(`${file} cannot be broken that way.`);
			write(original.replace(breaking.from, breaking.to));
		},
		restore: () => writeFileSync(path, original),
	};
}

/**
 * Code that grows with each edit, in lines that no lint finds too long. Plain tools trust bytecode of a text of the same second and
 * size, and pytest-testmon passes over comments.
 */
function markOf(count: number): string {
	const lines = Array.from({ length: Math.floor(count / MARK_CHARS) }, () => MARK_CHARS);
	return [...lines, count % MARK_CHARS].map((chars) => `EDIT_MARK = "${"i".repeat(chars)}"\n`).join("");
}
