/** JSON from outside, of which no more is known yet than that it is an object. */

export type JsonRecord = Readonly<Record<string, unknown>>;

/** An array is none. */
export function isRecord(value: unknown): value is JsonRecord {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object that a text is; null for whatever else it is. */
export function parseRecord(text: string): JsonRecord | null {
	try {
		const value: unknown = JSON.parse(text);
		return isRecord(value) ? value : null;
	} catch {
		return null;
	}
}
