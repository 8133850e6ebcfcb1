/** From a model's call to its result: known tool, checked arguments, and every refusal as words for the model. */
import type { Json, ToolCall, ToolParameter, ToolSchema } from "../model/conversation.ts";
import { WorkspaceError } from "../ports.ts";
import { visible } from "../visible-text.ts";
import { CATALOG, catalogOf } from "./catalog.ts";
import { refused, type ToolArguments, type ToolParts, type ToolResult } from "./tool.ts";

export type { ToolResult } from "./tool.ts";

/** Whether there is a tool of that name. */
export function isTool(name: string): boolean {
	return CATALOG.some(({ schema }) => schema.name === name);
}

/** Runs one call. @throws AbortError and bugs; every refusal is a result. */
export async function executeTool(call: ToolCall, parts: ToolParts, signal: AbortSignal): Promise<ToolResult> {
	const catalog = catalogOf(parts.mode ?? "edit");
	const tool = catalog.find(({ schema }) => schema.name === call.name);
	if (tool === undefined) {
		return refused(
			"unknown-tool",
			`there is no tool "${call.name.slice(0, 80)}". The tools are ${catalog.map(({ schema }) => schema.name).join(", ")}.`,
		);
	}
	const checked = checkArguments(call.arguments, tool.schema);
	if (typeof checked === "string") return refused("bad-arguments", checked);
	try {
		return shown(await tool.run(checked, parts, signal));
	} catch (error) {
		if (error instanceof WorkspaceError) return shown(refused(error.code, error.message));
		throw error;
	}
}

/** What comes from files and names is no place for hidden orders: it is told with them in sight. */
function shown(result: ToolResult): ToolResult {
	const content = visible(result.content);
	return content === result.content ? result : { ...result, content: `${content}\n(<U+...> are invisible characters)` };
}

/** The arguments, each of its declared type and none but the known; or in words what is wrong with them. */
export function checkArguments(given: { readonly [key: string]: Json }, schema: ToolSchema): ToolArguments | string {
	const checked = new Map<string, string | number | boolean>();
	for (const [name, parameter] of Object.entries(schema.parameters)) {
		const value = Object.hasOwn(given, name) ? given[name] : undefined;
		if (value === undefined || value === null) {
			if (schema.required.includes(name)) return `${name} is missing. ${schema.name} takes ${signatureOf(schema)}.`;
			continue;
		}
		const typed = typedValue(value, parameter);
		if (typed === null)
			return `${name} must be ${article(parameter.type)}. ${schema.name} takes ${signatureOf(schema)}.`;
		checked.set(name, typed);
	}
	return checked;
}

function typedValue(value: Json, { type }: ToolParameter): string | number | boolean | null {
	switch (type) {
		case "string":
			return typeof value === "string" ? value : null;
		case "boolean":
			return typeof value === "boolean" ? value : null;
		case "integer": {
			const number = typeof value === "string" && /^\d{1,9}$/.test(value) ? Number(value) : value;
			return typeof number === "number" && Number.isInteger(number) ? number : null;
		}
	}
}

function signatureOf({ parameters, required }: ToolSchema): string {
	return Object.keys(parameters)
		.map((name) => (required.includes(name) ? name : `${name} (optional)`))
		.join(", ");
}

function article(type: ToolParameter["type"]): string {
	return type === "integer" ? "an integer" : `a ${type}`;
}
