/** From a cancel to the closed socket, seen from the server's side: a pass-through stands between. */
import { connect, createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type Result, spreadOf, words } from "../measure.ts";
import { freshText, openModel, requestOf, type Target } from "./target.ts";

const GOAL_MS = 100;
const SAMPLES = 4;
const READING_FOR_MS = 300;

/** Cancels in the middle of reading the prompt and of writing, in turn. */
export async function cancelToClosed(target: Target, signal: AbortSignal): Promise<Result> {
	const through = await passThrough(target.server);
	try {
		const model = await openModel({ ...target, server: through.url }, signal);
		await model.warmUp(requestOf([{ role: "user", content: "hello" }], 1), signal);
		const samples: number[] = [];
		for (let index = 0; index < SAMPLES * 2; index += 1) {
			const abort = new AbortController();
			const isReading = index % 2 === 0;
			const text = isReading ? freshText(1_200) : `${freshText(4)} Count to one hundred.`;
			let cancelledAt = 0;
			const cancel = () => {
				if (cancelledAt > 0) return;
				cancelledAt = performance.now();
				abort.abort(new DOMException("Measured.", "AbortError"));
			};
			const asking = model
				.chat(
					requestOf([{ role: "user", content: text }], 200),
					(delta) => {
						if (!isReading && delta.kind === "text") cancel();
					},
					abort.signal,
				)
				.then(
					() => "finished",
					() => "cancelled",
				);
			if (isReading) {
				await sleep(READING_FOR_MS);
				cancel();
			}
			if ((await asking) === "cancelled") samples.push((await through.closed()) - cancelledAt);
		}
		const spread = spreadOf(samples);
		return {
			id: "cancel",
			what: `a cancel until the server's side sees the socket closed, reading and writing (${samples.length} times)`,
			measured: words(spread),
			goal: `<= ${GOAL_MS} ms`,
			met: spread.p90 <= GOAL_MS,
			figures: { closedMs: spread },
		};
	} finally {
		through.stop();
	}
}

/** `closed` waits until every connection of the client is closed, and gives the time of the last. */
async function passThrough(server: string): Promise<{ readonly url: string; closed(): Promise<number>; stop(): void }> {
	const { hostname, port } = new URL(server);
	const open = new Set<Socket>();
	let lastClosedAt = 0;
	const proxy = createServer((client) => {
		open.add(client);
		const upstream = connect(Number(port), hostname.replace(/^\[|\]$/g, ""));
		client.pipe(upstream).pipe(client);
		client.on("close", () => {
			lastClosedAt = performance.now();
			open.delete(client);
			upstream.destroy();
		});
		client.on("error", () => client.destroy());
		upstream.on("error", () => client.destroy());
	});
	await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
	const address = proxy.address();
	if (address === null || typeof address === "string") throw new Error("The pass-through has no port.");
	return {
		url: `http://127.0.0.1:${address.port}`,
		async closed() {
			while (open.size > 0) await sleep(1);
			return lastClosedAt;
		},
		stop() {
			for (const socket of open) socket.destroy();
			proxy.close();
		},
	};
}
