/** The looks of a session at one workspace, each with what a change asks for: bytecode that it made old goes, and who stands ready is told. */
import type { FileChange } from "../../../core/probes/affected.ts";
import { isPythonSource } from "../../../core/probes/inputs.ts";
import { removeBytecode, removeSuspectBytecode } from "./bytecode.ts";
import { type Content, changeOf, changesBetween } from "./content.ts";
import type { Mirror } from "./mirror.ts";

/** What changes next is as a rule what changed last. */
const MAX_LIKELY = 8;

export interface Looks {
	/**
	 * What is on disk now; the same object as before where nothing moved.
	 * @throws UserError `workspace-gone`
	 */
	look(): Content;
	/**
	 * The content where nothing but some of these files has changed, and of those that changed last; null where none of them has.
	 * @param files workspace-relative
	 */
	glance(files: readonly string[]): Content | null;
	/** What was seen last; null before the first look. */
	seen(): Content | null;
}

/** @param earlier what a session before this one saw */
export function createLooks(
	root: string,
	mirror: Mirror,
	earlier: Content | null,
	onChanged: (changes: readonly FileChange[]) => void,
): Looks {
	let seen: Content | null = null;
	let likely: readonly string[] = [];

	const take = (content: Content): Content => {
		if (seen === null) removeSuspectBytecode(root, content.keys());
		const before = seen ?? earlier ?? content;
		const changed = changesBetween(before, content);
		removeBytecode(root, changed);
		if (changed.length > 0) onChanged(changed.map((path) => changeOf(path, before, content)));
		if (changed.length <= MAX_LIKELY) {
			likely = [...new Set([...changed.filter(isPythonSource), ...likely])].slice(0, MAX_LIKELY);
		}
		seen = content;
		return content;
	};
	return {
		look: () => take(mirror.look()),
		glance(files) {
			if (seen === null) return null;
			const found = mirror.glance(new Set([...files.filter(isPythonSource), ...likely]));
			return found === null || found === seen ? null : take(found);
		},
		seen: () => seen,
	};
}
