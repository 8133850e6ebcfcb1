/** How a task names what it refers to: `#selection`, `#problems`, `#changes`, and `#file:PATH`, in quotes where the path's own characters would end it. */

export const FILE_REFERENCE = "#file:";

const REFERENCE = /(?:^|\s)(#(?:file:(?:"([^"\n]*)"|(\S+))|(selection|problems|changes)\b))/g;
/** Behind a path without quotes it is the sentence's. */
const PUNCTUATION = /[.,;:!?)]+$/;

export type Reference =
	| {
			readonly kind: "file";
			/** As the task has it, without the sentence's punctuation. */
			readonly words: string;
			readonly path: string;
	  }
	| { readonly kind: "selection" | "problems" | "changes"; readonly words: string };

/** The references of a task, in its order. */
export function referencesIn(task: string): readonly Reference[] {
	return [...task.matchAll(REFERENCE)].flatMap(([, words = "", quoted, plain = "", named]): readonly Reference[] => {
		if (named === "selection" || named === "problems" || named === "changes") return [{ kind: named, words }];
		if (quoted !== undefined) return [{ kind: "file", words, path: quoted }];
		return [{ kind: "file", words: words.replace(PUNCTUATION, ""), path: plain.replace(PUNCTUATION, "") }];
	});
}

/** @param path workspace-relative, forward slashes */
export function fileReference(path: string): string {
	return `${FILE_REFERENCE}${isPlain(path) ? path : `"${path}"`}`;
}

/** A path as a sentence can hold it: what could not be told from the words around it stands there as a reference. */
export function pathInWords(path: string): string {
	return isPlain(path) ? path : fileReference(path);
}

/** The path, or its beginning, in a reference to a file that is still being typed; null: it is none. */
export function typedPath(typed: string): string | null {
	return typed.startsWith(FILE_REFERENCE) ? typed.slice(FILE_REFERENCE.length).replaceAll('"', "") : null;
}

function isPlain(path: string): boolean {
	return !/\s/.test(path) && !PUNCTUATION.test(path);
}
