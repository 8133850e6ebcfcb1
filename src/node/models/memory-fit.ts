/** Whether a model fits into a machine's memory together with a session's context. */
import type { InstalledModel, ModelInfo } from "../../core/machine.ts";

/** The compute buffers beside weights and context. */
const OVERHEAD_BYTES = 300e6;
/** Beyond these shares of the whole memory, other programs feel it, and it cannot work. */
const TIGHT = 0.6;
const MOST = 0.9;

/** @param totalBytes of memory, or null for a server on another machine */
export function fitOf(
	{ sizeBytes, bytesPerToken }: Pick<ModelInfo, "sizeBytes" | "bytesPerToken">,
	contextLength: number,
	totalBytes: number | null,
): InstalledModel["fits"] {
	if (totalBytes === null || sizeBytes === 0) return null;
	const needed = sizeBytes + (bytesPerToken ?? 0) * contextLength + OVERHEAD_BYTES;
	if (needed > totalBytes * MOST) return "no";
	return needed > totalBytes * TIGHT ? "tight" : "yes";
}
