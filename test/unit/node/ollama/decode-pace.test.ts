import { describe, expect, it } from "vitest";
import { DecodePace } from "../../../../src/node/ollama/decode-pace.ts";

/** @returns at which token of these gaps, counted from 1, the pace first counted as starved; null: never */
function starvedAt(gaps: readonly number[], usual: number | null): number | null {
	const pace = new DecodePace(usual);
	let now = 1_000;
	pace.isStarvedAt(now);
	for (const [index, gap] of gaps.entries()) {
		now += gap;
		if (pace.isStarvedAt(now)) return index + 1;
	}
	return null;
}

describe("the pace of an answer", () => {
	it("is starved at the pace that one busy process leaves on two cores", () => {
		expect(starvedAt([2_500, 2_500, 2_500], 55)).toBe(2);
		expect(starvedAt([2_500, 2_500, 2_500], null)).toBe(2);
	});

	it("is not starved by a hiccup, by short bursts, or where the model is slow by itself", () => {
		expect(starvedAt([...Array<number>(30).fill(55), 3_000, ...Array<number>(60).fill(55)], 55)).toBeNull();
		expect(starvedAt(Array<number>(200).fill(90), 55)).toBeNull();
		expect(starvedAt(Array<number>(50).fill(800), null)).toBeNull();
		expect(starvedAt(Array<number>(50).fill(1_400), 1_300)).toBeNull();
	});

	it("is noticed in the middle of an answer that began well", () => {
		expect(starvedAt([...Array<number>(100).fill(55), ...Array<number>(5).fill(2_500)], 55)).toBeGreaterThan(100);
	});
});
