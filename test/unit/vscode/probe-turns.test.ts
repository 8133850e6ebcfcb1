/** Probes of several folders, and of a run: one at a time, the newest first, and none of another folder is lost. */
import { expect, test } from "vitest";
import { deferred } from "../../../src/vscode/deferred.ts";
import { ProbeTurns, SUPERSEDED } from "../../../src/vscode/probe-turns.ts";

/** Probes that end when they are told to, or are cancelled. */
function probes() {
	const seen: string[] = [];
	const ends = new Map<string, () => void>();
	const turns = new ProbeTurns((root) => void begin(root));

	/** How the call ended; never rejects. */
	async function begin(root: string): Promise<string> {
		try {
			const result = await turns.take(root, async (signal) => {
				seen.push(`${root} begins`);
				const { promise, resolve } = deferred();
				ends.set(root, resolve);
				signal.addEventListener("abort", resolve);
				await promise;
				seen.push(`${root} ${signal.aborted ? "cancelled" : "ends"}`);
				signal.throwIfAborted();
				return "probed";
			});
			return result ?? "none";
		} catch (error) {
			return error === SUPERSEDED ? "superseded" : String(error);
		}
	}

	async function settled(): Promise<void> {
		await new Promise((resolve) => setImmediate(resolve));
	}

	return { turns, seen, begin, settled, end: (root: string) => ends.get(root)?.() };
}

test("a probe that another folder's interrupted begins again after it", async () => {
	const { seen, begin, end, settled } = probes();
	const first = begin("a");
	const second = begin("b");
	expect(await first).toBe("superseded");
	end("b");
	expect(await second).toBe("probed");
	end("a");
	await settled();
	expect(seen).toEqual(["a begins", "a cancelled", "b begins", "b ends", "a begins", "a ends"]);
});

test("a newer probe of the same folder takes the older one's place for good", async () => {
	const { seen, begin, end, settled } = probes();
	const first = begin("a");
	const second = begin("a");
	expect(await first).toBe("superseded");
	end("a");
	expect(await second).toBe("probed");
	await settled();
	expect(seen).toEqual(["a begins", "a cancelled", "a begins", "a ends"]);
});

test("of three folders that come one upon the other, each is probed to its end", async () => {
	const { turns, seen, begin, end, settled } = probes();
	for (const root of ["a", "b", "c"]) void begin(root);
	await settled();
	for (let times = 0; turns.isBusy && times < 9; times += 1) {
		for (const root of ["a", "b", "c"]) end(root);
		await settled();
	}
	expect(seen.filter((words) => words.endsWith("ends")).sort()).toEqual(["a ends", "b ends", "c ends"]);
});

test("a run probes its own folder; what was interrupted or asked in another one comes after it", async () => {
	const { turns, seen, begin, end, settled } = probes();
	const interrupted = begin("b");
	await turns.hold("a");
	expect(await interrupted).toBe("superseded");
	expect(await begin("a")).toBe("none");
	expect(await begin("c")).toBe("none");
	expect(seen).toEqual(["b begins", "b cancelled"]);
	turns.release();
	for (const root of ["b", "c"]) {
		end(root);
		await settled();
	}
	expect(seen.slice(2)).toEqual(["b begins", "b ends", "c begins", "c ends"]);
});

test("Stop ends what is owed, too", async () => {
	const { turns, seen, begin, settled } = probes();
	void begin("a");
	void begin("b");
	await settled();
	await turns.cancel(new DOMException("Stopped by you.", "AbortError"));
	await settled();
	expect(seen).toEqual(["a begins", "a cancelled", "b begins", "b cancelled"]);
	expect(turns.isBusy).toBe(false);
});

test("a failure is its own call's, and the next folder's turn comes all the same", async () => {
	const { turns, begin, end, settled, seen } = probes();
	void begin("a");
	const failing = turns.take("b", () => Promise.reject(new Error("no engine")));
	await expect(failing).rejects.toThrow("no engine");
	end("a");
	await settled();
	expect(seen.at(-1)).toBe("a ends");
});
