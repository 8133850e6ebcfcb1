/** The bases of ruff's configuration that lie where no look of the mirror goes: beyond the workspace, or in a folder that it passes by. */
import { join } from "node:path";
import { nameOf } from "../../../core/probes/inputs.ts";
import type { Content } from "../content/content.ts";
import { identifyFile, type KnownFile } from "../content/file-identity.ts";
import { configuresLint, type LintReach, readLintReach } from "./lint-reach.ts";

export interface LintBases {
	/** Looks at each again. @returns whether one moved */
	look(): boolean;
	files(): readonly KnownFile[];
	/**
	 * What the configurations of a content draw in: the same object unless one of them changed.
	 * @param content with the bases that are known
	 * @param changed since it was asked last
	 */
	follow(content: Content, changed: readonly string[]): LintReach;
}

/** @param earlier a file as a session before saw it */
export function createLintBases(
	root: string,
	env: Readonly<Record<string, string>>,
	earlier: (path: string) => KnownFile | undefined,
): LintBases {
	let reach: LintReach | null = null;
	/** Null: it is not there. */
	let bases = new Map<string, KnownFile | null>();

	const identify = (path: string): KnownFile | null =>
		identifyFile(nameOf(path), path, join(root, path), bases.get(path) ?? earlier(path));
	return {
		look() {
			let moved = false;
			for (const [path, known] of bases) {
				const now = identify(path);
				if (now?.hash !== known?.hash) moved = true;
				bases.set(path, now);
			}
			return moved;
		},
		files: () => [...bases.values()].filter((file) => file !== null),
		follow(content, changed) {
			const known = reach;
			if (known !== null && !changed.some((path) => configuresLint(known, path))) return known;
			const found = new Map<string, KnownFile | null>();
			reach = readLintReach(root, content.keys(), env, (path) => {
				if (!content.has(path) || bases.has(path)) found.set(path, identify(path));
			});
			bases = found;
			return reach;
		},
	};
}
