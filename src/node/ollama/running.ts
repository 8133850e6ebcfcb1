/** What a server has loaded (`/api/ps`), where it lies, and why a model was loaded again. */
import type { Ollama } from "ollama";
import type { ModelInfo } from "../../core/machine.ts";

export interface RunningModel {
	readonly name: string;
	/** Allocated context in tokens, or null where the server does not say. */
	readonly contextLength: number | null;
	readonly sizeBytes: number;
	/** Bytes of it that lie on a GPU. */
	readonly vramBytes: number;
	/** Parameters and quantisation: equal for names on the same weights. */
	readonly weights: string;
}

/** `gpu` where any part of it lies there. */
export type Placed = "cpu" | "gpu";
/** Null where the sizes do not tell. */
export type Placement = Placed | null;

/** The loaded models; what the answer lacks is empty. */
export async function listRunning(client: Ollama): Promise<readonly RunningModel[]> {
	const { models } = await client.ps();
	return models.map((model) => {
		const context = "context_length" in model ? model.context_length : null;
		const { parameter_size: parameterSize = "", quantization_level: quantization = "" } = model.details ?? {};
		return {
			name: model.name,
			contextLength: typeof context === "number" && context > 0 ? context : null,
			sizeBytes: model.size ?? 0,
			vramBytes: model.size_vram ?? 0,
			weights: weightsOf({ parameterSize, quantization }),
		};
	});
}

/** Names with equal words may be on the same weights. */
export function weightsOf({ parameterSize, quantization }: Pick<ModelInfo, "parameterSize" | "quantization">): string {
	return `${parameterSize} ${quantization}`;
}

/** Where a loaded model computes. */
export function placementOf({ sizeBytes, vramBytes }: Pick<RunningModel, "sizeBytes" | "vramBytes">): Placement {
	if (vramBytes > 0) return "gpu";
	return sizeBytes > 0 ? "cpu" : null;
}

/**
 * Why the server loaded a model anew that was loaded before, by what it had loaded right before the call.
 * @param contextLength that this session asks for
 */
export function reloadReason(before: readonly RunningModel[], model: string, contextLength: number): string {
	const own = before.find(({ name }) => name === model);
	if (own === undefined) {
		const others = before.map(({ name }) => name).join(", ");
		return others === ""
			? "the server had unloaded it"
			: `the server had unloaded it, and another client had loaded ${others}`;
	}
	if (own.contextLength !== null && own.contextLength !== contextLength) {
		return `another client had loaded it with a context of ${own.contextLength} tokens; this session uses ${contextLength}`;
	}
	return "another client had loaded it with other options";
}
