/** What a tool is: a schema for the model, and a function over the ports. */

import { isAbort } from "../errors.ts";
import type { ApproveMode } from "../machine.ts";
import type { ToolSchema } from "../model/conversation.ts";
import { isSecret } from "../policy/protected.ts";
import { type Approver, type Probes, type TextFile, type Workspace, WorkspaceError } from "../ports.ts";
import type { RunMode } from "../run-mode.ts";
import type { EditFailures } from "./edit-failures.ts";
import type { SeenFiles } from "./seen-files.ts";

export interface ToolResult {
	readonly ok: boolean;
	/** `ok`, or why not. */
	readonly code: string;
	/** For the model. */
	readonly content: string;
	/** Workspace-relative paths that the call changed. */
	readonly files: readonly string[];
	/** What is checked less from now on, in words. */
	readonly weakens: readonly string[];
}

export interface ToolParts {
	readonly workspace: Workspace;
	readonly probes: Pick<Probes, "checkSyntax">;
	readonly approver: Approver;
	readonly approve: ApproveMode;
	/** Whether the task asks for tests to be written or changed. */
	readonly testsAsked: boolean;
	/** Files that the run itself created: its own tests it may change. One for the whole run. */
	readonly created: Set<string>;
	/** `edit` where it is left out. */
	readonly mode?: RunMode;
	/** One for the whole run. */
	readonly seen: SeenFiles;
	/** One for the whole run. */
	readonly editFailures: EditFailures;
	/** Characters that a result may have; the model's window sets it. */
	readonly maxResultChars: number;
}

/** Checked against the schema: only known keys, each of its declared type. */
export type ToolArguments = ReadonlyMap<string, string | number | boolean>;

export interface Tool {
	readonly schema: ToolSchema;
	run(given: ToolArguments, parts: ToolParts, signal: AbortSignal): Promise<ToolResult>;
}

export function done(content: string, files: readonly string[] = []): ToolResult {
	return { ok: true, code: "ok", content, files, weakens: [] };
}

export function refused(code: string, message: string): ToolResult {
	return { ok: false, code, content: `ERROR ${code}: ${message}`, files: [], weakens: [] };
}

/** A required text; the schema check made sure that it is there. */
export function textOf(given: ToolArguments, name: string): string {
	const value = given.get(name);
	return typeof value === "string" ? value : "";
}

export function numberOf(given: ToolArguments, name: string): number | null {
	const value = given.get(name);
	return typeof value === "number" ? value : null;
}

/**
 * Reads a file whose text may reach the model.
 * @throws WorkspaceError, `protected` where the file may hold credentials
 */
export async function readForModel(path: string, workspace: Workspace, signal: AbortSignal): Promise<TextFile> {
	const file = await workspace.read(path, signal);
	if (isSecret(file.path))
		throw new WorkspaceError("protected", `${file.path} may hold credentials and is not shown to a model.`);
	return file;
}

/** What a changed file holds now; null where that is not to be had: the change itself is done and stays reported. */
export async function changedFile(path: string, workspace: Workspace, signal: AbortSignal): Promise<TextFile | null> {
	try {
		return await workspace.read(path, signal);
	} catch (error) {
		if (error instanceof WorkspaceError || isAbort(error)) return null;
		throw error;
	}
}
