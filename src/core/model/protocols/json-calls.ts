import type { Json } from "../conversation.ts";
import { parseJsonObject, readJsonObjects } from "./json-objects.ts";
import type { FoundCall } from "./protocol-types.ts";

type JsonObject = { readonly [key: string]: Json };

/** Keys under which models were seen to put a call's arguments. */
const ARGUMENT_KEYS = ["arguments", "parameters", "args"] as const;

/**
 * Calls among the JSON objects of a text: `{"name", "arguments"}`, the same within `function`, or `{"tool", ...arguments}`.
 * An object without a tool's name is none, whatever its keys are (threats F22).
 */
export function readJsonCalls(text: string): readonly FoundCall[] {
	return readJsonObjects(text).flatMap((value) => {
		const inner = isObject(value["function"]) ? value["function"] : value;
		const call = namedCall(inner) ?? flatCall(inner);
		return call === null ? [] : [call];
	});
}

function namedCall(value: JsonObject): FoundCall | null {
	const name = value["name"] ?? value["tool"];
	const key = ARGUMENT_KEYS.find((candidate) => Object.hasOwn(value, candidate));
	if (typeof name !== "string" || key === undefined) return null;
	const given = value[key];
	// Some models write the arguments as a string of JSON: read once, not again (threats F20).
	const read = typeof given === "string" ? parseJsonObject(given) : given;
	return isObject(read) ? { name, arguments: read } : null;
}

function flatCall({ tool, ...given }: JsonObject): FoundCall | null {
	return typeof tool === "string" ? { name: tool, arguments: given } : null;
}

function isObject(value: Json | undefined): value is JsonObject {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
