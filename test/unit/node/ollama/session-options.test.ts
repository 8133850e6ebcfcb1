import { describe, expect, it } from "vitest";
import { chooseProtocol } from "../../../../src/node/ollama/chat-model.ts";
import { chooseContext, loadOptions } from "../../../../src/node/ollama/session-options.ts";

describe("the session's choices", () => {
	it.each([
		[32_768, null, 16_384],
		[8_192, null, 8_192],
		[null, null, 16_384],
		[32_768, 4_096, 16_384],
		[131_072, 32_768, 32_768],
		[131_072, 40_000, 32_768],
		[32_768, 131_072, 32_768],
	])("context: trained %s, loaded with %s -> %i", (trained, allocated, expected) => {
		expect(chooseContext(trained, allocated)).toBe(expected);
	});

	it.each([
		[true, "1.8B", "text"],
		[true, "630.17M", "text"],
		[true, "3.2B", "native"],
		[true, "20.9B", "native"],
		[false, "70B", "text"],
		[true, "none", "native"],
		[true, "", "native"],
	])("protocol: claims tools %s, size %s -> %s", (claims, size, expected) => {
		expect(chooseProtocol(claims, size)).toBe(expected);
	});

	it.each([
		[131_072, 4_096, 32_768, 32_768],
		[8_192, null, 32_768, 8_192],
	])("a context that the person chose counts, up to the trained length: %s, %s, %i -> %i", (...given) => {
		const [trained, allocated, wanted, expected] = given;
		expect(chooseContext(trained, allocated, wanted)).toBe(expected);
	});

	it("small batches and a free core where the model computes on the CPU, nothing of it on a GPU", () => {
		expect(loadOptions(8_192, "cpu", 4)).toEqual({ num_ctx: 8_192, num_batch: 64, num_thread: 3 });
		expect(loadOptions(8_192, "cpu", 2)).toMatchObject({ num_thread: 2 });
		expect(loadOptions(8_192, "cpu", 2, true)).toMatchObject({ num_thread: 1 });
		expect(loadOptions(8_192, "cpu", 1, true)).toMatchObject({ num_thread: 1 });
		expect(loadOptions(8_192, "cpu", null)).toEqual({ num_ctx: 8_192, num_batch: 64 });
		expect(loadOptions(8_192, "gpu", 4)).toEqual({ num_ctx: 8_192 });
		expect(loadOptions(8_192, null, 4)).toEqual({ num_ctx: 8_192 });
	});
});
