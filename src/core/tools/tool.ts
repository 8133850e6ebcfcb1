/** What a tool is: a schema for the model, and a function over the ports. */
import type { ApproveMode } from "../machine.ts";
import type { ToolSchema } from "../model/conversation.ts";
import type { Approver, Probes, Workspace } from "../ports.ts";

export interface ToolResult {
	readonly ok: boolean;
	/** `ok`, or why not. */
	readonly code: string;
	/** For the model. */
	readonly content: string;
	/** Workspace-relative paths that the call changed. */
	readonly files: readonly string[];
}

export interface ToolParts {
	readonly workspace: Workspace;
	readonly probes: Pick<Probes, "checkSyntax">;
	readonly approver: Approver;
	readonly approve: ApproveMode;
}

/** Checked against the schema: only known keys, each of its declared type. */
export type ToolArguments = ReadonlyMap<string, string | number | boolean>;

export interface Tool {
	readonly schema: ToolSchema;
	run(given: ToolArguments, parts: ToolParts, signal: AbortSignal): Promise<ToolResult>;
}

export function done(content: string, files: readonly string[] = []): ToolResult {
	return { ok: true, code: "ok", content, files };
}

export function refused(code: string, message: string): ToolResult {
	return { ok: false, code, content: `ERROR ${code}: ${message}`, files: [] };
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
