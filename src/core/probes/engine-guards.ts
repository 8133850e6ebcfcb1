/** Guards for what crosses the engine's channel: both sides are ours, but a crash, an old bundle or a stray print is not. */
import type { FromEngine, ToEngine } from "./engine-messages.ts";

type Known<T extends { readonly type: string }> = ReadonlySet<T["type"]>;

const TO_ENGINE: Known<ToEngine> = new Set<ToEngine["type"]>([
	"configure",
	"probe",
	"check-syntax",
	"fix-lint",
	"describe",
	"cancel",
]);
const FROM_ENGINE: Known<FromEngine> = new Set<FromEngine["type"]>([
	"ready",
	"progress",
	"answer",
	"syntax",
	"fixed",
	"tools",
	"cancelled",
	"failed",
]);

/** Whether a message is one for the engine. The protocol's number vouches for what is inside. */
export function isToEngine(value: unknown): value is ToEngine {
	return (
		isMessage(value, TO_ENGINE) &&
		(value["type"] === "configure" ? "settings" in value && "answersFolder" in value : hasId(value))
	);
}

/** Whether a message is one of the engine's. */
export function isFromEngine(value: unknown): value is FromEngine {
	return isMessage(value, FROM_ENGINE) && (value["type"] === "ready" ? "protocol" in value : hasId(value));
}

function isMessage(value: unknown, known: ReadonlySet<string>): value is Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null && "type" in value && known.has(String(value.type));
}

function hasId(value: Readonly<Record<string, unknown>>): boolean {
	return typeof value["id"] === "number";
}
