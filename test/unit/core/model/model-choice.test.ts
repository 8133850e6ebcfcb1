import { describe, expect, it } from "vitest";
import type { ModelInfo } from "../../../../src/core/machine.ts";
import { chooseModel } from "../../../../src/core/model/model-choice.ts";

function model(name: string, parts: Partial<ModelInfo> = {}): ModelInfo {
	return {
		name,
		sizeBytes: 1_000,
		parameterSize: "3B",
		quantization: "Q4_K_M",
		contextLength: 32_768,
		claimsTools: true,
		claimsThinking: false,
		hidesTools: false,
		continuesAnswers: false,
		digest: null,
		bytesPerToken: null,
		loaded: false,
		...parts,
	};
}

describe("auto", () => {
	it("takes the loaded model: another would have to be loaded first", () => {
		expect(chooseModel("auto", [model("qwen3:4b"), model("phi:3b", { loaded: true })])).toBe("phi:3b");
	});

	it("passes over a loaded model that cannot chat", () => {
		expect(chooseModel("auto", [model("nomic-embed-text:latest", { loaded: true }), model("phi:3b")])).toBe("phi:3b");
	});

	it("prefers by family, then the smaller, whatever the order of the list", () => {
		const models = [
			model("smollm2:135m", { sizeBytes: 1 }),
			model("qwen2.5-coder:7b", { sizeBytes: 70 }),
			model("qwen2.5-coder:3b", { sizeBytes: 30 }),
			model("unheard-of:1b"),
		];
		expect(chooseModel("auto", models)).toBe("qwen2.5-coder:3b");
		expect(chooseModel("auto", [...models].reverse())).toBe("qwen2.5-coder:3b");
	});

	it("takes a model under a billion parameters only where there is no other", () => {
		const tiny = model("qwen2.5-coder:0.5b", { parameterSize: "494.03M", sizeBytes: 1 });
		expect(chooseModel("auto", [tiny, model("unheard-of:2b", { parameterSize: "2B" })])).toBe("unheard-of:2b");
		expect(chooseModel("auto", [tiny])).toBe("qwen2.5-coder:0.5b");
	});

	it.each([[[]], [[model("mxbai-embed-large:latest")]], [[model("gemma3:270m-base")]]])(
		"says how to get one where there is none (%#)",
		(models) => {
			expect(() => chooseModel("auto", models)).toThrowError(
				expect.objectContaining({ kind: "no-models", fix: expect.stringContaining("ollama pull llama3.2:3b") }),
			);
		},
	);
});

describe("a name", () => {
	it("is taken as it is, with or without :latest", () => {
		expect(chooseModel("phi:3b", [model("phi:3b")])).toBe("phi:3b");
		expect(chooseModel("mistral", [model("mistral:latest")])).toBe("mistral:latest");
	});

	it("F03 that is not installed: how to install it, and what is there", () => {
		expect(() => chooseModel("qwen3:4b", [model("phi:3b"), model("bge-m3:latest")])).toThrowError(
			expect.objectContaining({
				kind: "model-missing",
				message: expect.stringContaining("qwen3:4b"),
				fix: expect.stringMatching(/ollama pull qwen3:4b.*phi:3b\.$/),
			}),
		);
	});
});
