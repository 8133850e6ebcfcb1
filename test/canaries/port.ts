/** A port that nobody may connect to, and a socket without a file, which no folder hides. */
import { createServer, type Server } from "node:http";
import { createServer as createSocketServer } from "node:net";
import { portOf } from "../fixtures/values.ts";

export interface CanaryPort {
	readonly port: number;
	hits(): number;
	close(): Promise<void>;
}

/** A port on the machine's own loopback that counts whoever connects. */
export async function openCanaryPort(): Promise<CanaryPort> {
	let hits = 0;
	const server: Server = createServer((_, response) => response.end("canary"));
	server.on("connection", () => {
		hits += 1;
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	return {
		port: portOf(server.address()),
		hits: () => hits,
		close: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

/** Listens on an abstract socket for as long as it is wanted. */
export function abstractSocket(name: string): () => Promise<void> {
	const server = createSocketServer().listen(`\0${name}`);
	return async () => {
		await new Promise((resolve) => server.close(resolve));
	};
}
