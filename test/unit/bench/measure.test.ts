import { expect, test } from "vitest";
import { fasterRow, spreadOf, takeTurns } from "../../../bench/measure.ts";

test("median, first and last tenth are those of the sorted samples", () => {
	const samples = [5, 1, 11, 3, 2, 9, 4, 10, 6, 8, 7];
	expect(spreadOf(samples)).toEqual({ median: 6, p10: 2, p90: 10, samples: 11 });
	expect(samples[0]).toBe(5);
});

test("the median of an even number is the mean of the middle two", () => {
	expect(spreadOf([4, 1, 3, 2])).toMatchObject({ median: 2.5, samples: 4 });
	expect(spreadOf([7])).toEqual({ median: 7, p10: 7, p90: 7, samples: 1 });
});

test("no sample is an error, not a zero", () => {
	expect(() => spreadOf([])).toThrow("no sample");
});

test("all sides have a sample each round, and who begins changes, and who follows whom", async () => {
	const order: string[] = [];
	const side = (name: string, ms: number) => ({
		name,
		sample: async () => {
			order.push(name);
			return ms;
		},
	});
	const of = await takeTurns(6, [side("a", 1), side("b", 2), side("c", 3)]);
	expect(order.join("")).toBe("abcbcacabcbaacbbac");
	expect([of("a").median, of("b").median, of("c").samples]).toEqual([1, 2, 6]);
});

test("a side may have several samples a round, and each counts", async () => {
	const order: string[] = [];
	const side = (name: string, times?: number) => ({
		...{ name, ...(times === undefined ? {} : { times }) },
		sample: async () => order.push(name),
	});
	const of = await takeTurns(2, [side("a"), side("b", 3)]);
	expect(order.join("")).toBe("abbbbbba");
	expect([of("a").samples, of("b").samples, of("b").median]).toEqual([2, 6, 4.5]);
});

test("a side that fails its outcome ends the row", async () => {
	const sides = [
		{ name: "right", sample: async () => 1 },
		{ name: "wrong", sample: () => Promise.reject(new Error("4 tests passed instead of 5")) },
	];
	await expect(takeTurns(1, sides)).rejects.toThrow("4 tests passed");
});

test("a row's goal is met from its ratio on", () => {
	const row = (ms: number) =>
		fasterRow({
			id: "probe",
			what: "edit",
			one: spreadOf([ms]),
			other: spreadOf([120]),
			otherName: "plain",
			goal: 12,
		});
	expect(row(10)).toMatchObject({ met: true, measured: "12.0x", goal: ">= 12x" });
	expect(row(10.1)).toMatchObject({ met: false });
});
