import { expect, test } from "vitest";
import { orAborted } from "../../../src/core/or-aborted.ts";

const never = new Promise<string>(() => undefined);

test("the answer, where nothing ends", async () => {
	expect(await orAborted(Promise.resolve("yes"), new AbortController().signal)).toBe("yes");
});

test("an unanswered question does not hold up Stop", async () => {
	const abort = new AbortController();
	const asked = orAborted(never, abort.signal);
	const reason = new DOMException("Stopped by you.", "AbortError");
	abort.abort(reason);
	await expect(asked).rejects.toBe(reason);
});

test("what ended before the question ends at once, also with an answer there", async () => {
	const reason = new DOMException("Stopped by you.", "AbortError");
	await expect(orAborted(never, AbortSignal.abort(reason))).rejects.toBe(reason);
	await expect(orAborted(Promise.resolve("yes"), AbortSignal.abort(reason))).rejects.toBe(reason);
});
