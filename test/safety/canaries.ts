/** What must not be touched, reached or left behind, and how a test sees that it was not. */
import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { createServer as createSocketServer } from "node:net";
import { join } from "node:path";
import { portOf } from "../fixtures/values.ts";

/** A fingerprint of everything beneath a folder: names, kinds, modes and bytes. @param skip names at its top that may change */
export function fingerprint(folder: string, skip: readonly string[] = []): string {
	const hash = createHash("sha256");
	const visit = (path: string, name: string) => {
		const stat = lstatSync(path);
		hash.update(`${name}\0${stat.mode}\0${stat.nlink}\0`);
		if (stat.isSymbolicLink()) hash.update(readlinkSync(path));
		else if (stat.isFile()) hash.update(readFileSync(path));
		else if (stat.isDirectory())
			for (const entry of readdirSync(path).sort()) visit(join(path, entry), `${name}/${entry}`);
	};
	for (const entry of readdirSync(folder).sort()) if (!skip.includes(entry)) visit(join(folder, entry), entry);
	return hash.digest("hex");
}

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

export interface Sockets {
	/** Ports that the processes listen on. */
	readonly listening: readonly number[];
	/** Ports at the other end of their connections. */
	readonly connectedTo: readonly number[];
}

const LISTEN = "0A";
const ESTABLISHED = "01";

/** TCP sockets of a process and all below it, in this machine's own network; those in a sandbox's own are not reachable. */
export function socketsBelow(pid: number): Sockets {
	const inodes = new Set(treeOf(pid).flatMap(socketInodes));
	const rows = ["tcp", "tcp6"].flatMap((name) => readFileSync(`/proc/net/${name}`, "utf8").trim().split("\n").slice(1));
	const own = rows.map((row) => row.trim().split(/\s+/)).filter((fields) => inodes.has(fields[9] ?? ""));
	const portIn = (address: string | undefined) => Number.parseInt(address?.split(":")[1] ?? "", 16);
	return {
		listening: own.filter(([, , , state]) => state === LISTEN).map(([, local]) => portIn(local)),
		connectedTo: own.filter(([, , , state]) => state === ESTABLISHED).map(([, , remote]) => portIn(remote)),
	};
}

/** Live processes that a folder names or that work in it, as `pid command line`. */
export function processesIn(folder: string): readonly string[] {
	return pids().flatMap((pid) => {
		const command = textOf(`/proc/${pid}/cmdline`).replaceAll("\0", " ");
		const works = linkOf(`/proc/${pid}/cwd`).startsWith(folder) && pid !== process.pid;
		return command.includes(folder) || works ? [`${pid} ${command}`] : [];
	});
}

function treeOf(pid: number): readonly number[] {
	const parents = new Map(pids().map((each) => [each, Number(/\) \S (\d+)/.exec(textOf(`/proc/${each}/stat`))?.[1])]));
	const tree = [pid];
	for (const member of tree) for (const [child, parent] of parents) if (parent === member) tree.push(child);
	return tree;
}

function socketInodes(pid: number): readonly string[] {
	try {
		return readdirSync(`/proc/${pid}/fd`).flatMap(
			(fd) => /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${fd}`))?.[1] ?? [],
		);
	} catch {
		// It ended meanwhile, or is another user's.
		return [];
	}
}

function pids(): readonly number[] {
	return readdirSync("/proc")
		.filter((entry) => /^\d+$/.test(entry))
		.map(Number);
}

function textOf(path: string): string {
	try {
		return readFileSync(path, "utf8");
	} catch {
		return "";
	}
}

function linkOf(path: string): string {
	try {
		return readlinkSync(path);
	} catch {
		return "";
	}
}

/** Listens on an abstract socket, which no folder hides, for as long as it is wanted. */
export function abstractSocket(name: string): () => Promise<void> {
	const server = createSocketServer().listen(`\0${name}`);
	return async () => {
		await new Promise((resolve) => server.close(resolve));
	};
}
