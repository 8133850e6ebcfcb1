/** The known files of one folder, looked at together: a look at thousands of unmoved ones costs their lstat calls and little else. */
import type { KeptDifferences } from "../../../core/probes/kept-answers.ts";
import { isEndlessHash } from "./endless-file.ts";
import { type DataBudget, identifyFile, type KnownFile, stampOf } from "./file-identity.ts";

/** Numbers of a stamp. */
const WIDTH = 4;
/** Equal to no stamp. */
const UNSTEADY = [Number.NaN, Number.NaN, Number.NaN, Number.NaN];

export interface FolderFiles {
	all(): readonly KnownFile[];
	/** Brings each file to what is on disk now; those that went are dropped. Returns those whose content moved, by workspace-relative path. */
	look(budget: DataBudget): KeptDifferences;
	/** The same of one file by its name; one that is not known, or went, is left as it was. */
	lookAt(name: string, budget: DataBudget): KeptDifferences;
}

/**
 * The stamps lie side by side in memory: read off an object a file, comparing 1,000 of them took as long as the system's own
 * answers (2.1 in place of 1.2 ms, measured on 2026-11-30).
 */
export function createFolderFiles(found: readonly KnownFile[]): FolderFiles {
	let files = [...found];
	let paths: readonly string[] = [];
	let stamps = new Float64Array();

	const keepStamp = (file: KnownFile, index: number) => {
		const { mtimeMs, ctimeMs, size, ino } = file.stamp;
		// What a link leads to, what may change without a trace, and a pipe need more than one lstat.
		const isPlain = !file.isLink && !file.racy && !isEndlessHash(file.hash);
		stamps.set(isPlain ? [mtimeMs, ctimeMs, size, ino] : UNSTEADY, index * WIDTH);
	};
	const keepStamps = () => {
		paths = files.map(({ absolute }) => absolute);
		stamps = new Float64Array(files.length * WIDTH);
		files.forEach(keepStamp);
	};
	/** Another type would come with another time. */
	const isUnmoved = (path: string, index: number): boolean => {
		const own = stampOf(path);
		const at = index * WIDTH;
		return (
			own !== null &&
			own.mtimeMs === stamps[at] &&
			own.ctimeMs === stamps[at + 1] &&
			own.size === stamps[at + 2] &&
			own.ino === stamps[at + 3]
		);
	};
	/** Null where nothing of it moved. */
	const identify = (
		index: number,
		budget: DataBudget,
	): { readonly before: KnownFile; readonly now: KnownFile | null } | null => {
		const path = paths[index];
		const before = files[index];
		if (path === undefined || before === undefined || isUnmoved(path, index)) return null;
		const now = identifyFile(before.name, before.path, before.absolute, before, budget);
		return now === before ? null : { before, now };
	};
	const keep = (file: KnownFile, index: number) => {
		files[index] = file;
		keepStamp(file, index);
	};
	keepStamps();
	return {
		all: () => files,
		look(budget) {
			const gone = new Set<KnownFile>();
			const moved: KeptDifferences[number][] = [];
			for (let index = 0; index < files.length; index += 1) {
				const found = identify(index, budget);
				if (found === null) continue;
				const { before, now } = found;
				if (now?.hash !== before.hash) moved.push([before.path, now?.hash ?? null]);
				if (now === null) gone.add(before);
				else keep(now, index);
			}
			if (gone.size > 0) {
				files = files.filter((file) => !gone.has(file));
				keepStamps();
			}
			return moved;
		},
		lookAt(name, budget) {
			const index = files.findIndex((file) => file.name === name);
			const found = index < 0 ? null : identify(index, budget);
			if (found === null || found.now === null) return [];
			keep(found.now, index);
			return found.now.hash === found.before.hash ? [] : [[found.before.path, found.now.hash]];
		},
	};
}
