/** Of several calls under way, the newest one's result stands, whatever their order of ending. */
import { expect, test } from "vitest";
import { newestOnly } from "../../../src/vscode/newest-only.ts";

/** Calls that end when their turn is told to. */
function calls() {
	const ends: ((result: string) => void)[] = [];
	const used: string[] = [];
	const begin = newestOnly(
		() => new Promise<string>((resolve) => ends.push(resolve)),
		(result) => used.push(result),
	);
	return { begin, used, end: (call: number, result: string) => ends[call]?.(result) };
}

test("an older call that ends last changes nothing", async () => {
	const { begin, used, end } = calls();
	const [old, recent] = [begin(), begin()];
	end(1, "practice model");
	await recent;
	end(0, "no server");
	await old;
	expect(used).toEqual(["practice model"]);
});

test("calls one after the other each count", async () => {
	const { begin, used, end } = calls();
	for (const [call, result] of ["no server", "ready"].entries()) {
		const begun = begin();
		end(call, result);
		await begun;
	}
	expect(used).toEqual(["no server", "ready"]);
});

test("a call that fails leaves the next one's result alone, and is told to who began it", async () => {
	const used: string[] = [];
	const results = [Promise.reject(new Error("no answer")), Promise.resolve("ready")];
	const begin = newestOnly(
		async () => (await results.shift()) ?? "",
		(result) => used.push(result),
	);
	await expect(begin()).rejects.toThrow("no answer");
	await begin();
	expect(used).toEqual(["ready"]);
});
