/** The file that the standard output goes to: in a folder that is watched, each line of it would be a change, and make the next one. */
import { fstatSync, statSync } from "node:fs";

const STDOUT = 1;

export interface OwnOutput {
	/** That file among these, by whatever name; null where it is none of them, or the output goes to no file. */
	among(paths: readonly string[]): string | null;
}

export function createOwnOutput(): OwnOutput {
	const own = identityOf(() => fstatSync(STDOUT));
	return {
		among: (paths) => (own === null ? null : (paths.find((path) => identityOf(() => statSync(path)) === own) ?? null)),
	};
}

/** Null for what is gone, and for what is no file. */
function identityOf(look: () => { readonly dev: number; readonly ino: number; isFile(): boolean }): string | null {
	try {
		const found = look();
		return found.isFile() ? `${found.dev} ${found.ino}` : null;
	} catch {
		return null;
	}
}
