/** What the system refuses of a write, in words: a full or broken disk ends the run, anything else is a result for the model. */
import { UserError } from "../../core/errors.ts";
import { WorkspaceError } from "../../core/ports.ts";
import { codeOf } from "./confined-files.ts";

/** Causes that no other change would be free of, with the next step (threats F43). */
const ENDING: Readonly<Record<string, readonly [cause: string, fix: string]>> = {
	ENOSPC: ["the disk is full", "Make room on the disk, then run the task again."],
	EDQUOT: ["your disk quota is used up", "Make room within your quota, then run the task again."],
	EIO: ["the disk reports an error", "Check the disk; until then work on a copy elsewhere."],
};
const WORDS: Readonly<Record<string, readonly [code: "denied" | "io", cause: string]>> = {
	EACCES: ["denied", "the system does not allow it"],
	EPERM: ["denied", "the system does not allow it"],
	EROFS: ["denied", "its file system is read-only"],
	EBUSY: ["io", "it is in use by the system"],
	ETXTBSY: ["io", "it is a program that runs now"],
	EMFILE: ["io", "too many files are open; try again"],
	ENFILE: ["io", "too many files are open on this machine; try again"],
	EFBIG: ["io", "it would be larger than the system allows"],
	ENAMETOOLONG: ["io", "its name is too long for the file system"],
	ENOENT: ["io", "it or its folder was removed or renamed meanwhile"],
	ENOTDIR: ["io", "its folder became a file meanwhile"],
	EISDIR: ["io", "it became a folder meanwhile"],
};

/**
 * The error of a change that did not happen.
 * @param path workspace-relative; its old bytes stand
 */
export function asWriteError(error: unknown, path: string): WorkspaceError | UserError {
	if (error instanceof UserError) return error;
	const ending = ENDING[codeOf(error instanceof WorkspaceError ? error.cause : error)];
	if (ending !== undefined) {
		const [cause, fix] = ending;
		return new UserError("storage", `${path} was not changed: ${cause}.`, fix, { cause: error });
	}
	if (error instanceof WorkspaceError) return error;
	const [code, cause] = WORDS[codeOf(error)] ?? ["io", messageOf(error)];
	return new WorkspaceError(code, `${path} was not changed: ${cause}.`, { cause: error });
}

/**
 * The error of a store that cannot be written: without it nothing may be changed.
 * @param folder where the store is
 */
export function asStoreError(error: unknown, folder: string): UserError {
	if (error instanceof UserError) return error;
	const code = codeOf(error);
	const cause = ENDING[code]?.[0] ?? WORDS[code]?.[1] ?? messageOf(error);
	return new UserError(
		"storage",
		`Nothing was changed: what undo and resume need cannot be kept in ${folder}, because ${cause}.`,
		ENDING[code]?.[1] ?? "Make that folder writable for you, then run the task again.",
		{ cause: error },
	);
}

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
