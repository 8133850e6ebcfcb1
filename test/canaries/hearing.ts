/** Hears every socket that a Node process asks for, also one that lives too short to be seen in the kernel's tables. */
import { Server, Socket } from "node:net";
import { isRecord } from "../../src/core/json-record.ts";
import type { SocketUse } from "./sockets.ts";

/** From now on, in this process. @returns stops it */
export function hearSockets(onUse: (use: SocketUse) => void): () => void {
	const { connect } = Socket.prototype;
	const { listen } = Server.prototype;
	const process = globalThis.process.argv.join(" ");
	Socket.prototype.connect = function heard(this: Socket, ...args: readonly unknown[]): Socket {
		const place = placeOf(args);
		if (place !== null) onUse({ kind: "connects", ...place, process });
		return Reflect.apply(connect, this, args);
	};
	Server.prototype.listen = function heard(this: Server, ...args: readonly unknown[]): Server {
		this.once("listening", () => {
			const address = this.address();
			if (address === null) return;
			const { address: host, port } = typeof address === "string" ? { address, port: 0 } : address;
			onUse({ kind: "listens", host, port, process });
		});
		return Reflect.apply(listen, this, args);
	};
	return () => {
		Socket.prototype.connect = connect;
		Server.prototype.listen = listen;
	};
}

/**
 * Where a connection is asked to, from any of the forms that net.Socket.connect takes, also its own normalised one (a list within
 * the list). Null: a socket file.
 */
function placeOf([first, second]: readonly unknown[]): Pick<SocketUse, "host" | "port"> | null {
	if (Array.isArray(first)) return placeOf(first);
	if (typeof first === "number" || (typeof first === "string" && /^\d+$/.test(first)))
		return { host: typeof second === "string" ? second : "localhost", port: Number(first) };
	if (!isRecord(first) || first["port"] === undefined) return null;
	const { host, port } = first;
	return { host: typeof host === "string" ? host : "localhost", port: Number(port) };
}
