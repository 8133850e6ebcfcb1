/** Sockets of processes in this machine's own network, and which of them ought not to be; those in a sandbox's own are not reachable. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { commandOf, type ProcessMark } from "../fixtures/processes.ts";

/** What a process did with a socket, as the kernel shows it or as the process itself was heard to ask for. */
export interface SocketUse {
	readonly kind: "listens" | "connects";
	/** An address, a name, or the path of a socket file. */
	readonly host: string;
	/** 0: a socket file. */
	readonly port: number;
	/** Command line of the process. */
	readonly process: string;
}

/** States of the kernel's tables (net/tcp_states.h). */
const LISTEN = "0A";
const OPEN = new Set(["01", "02", "04", "05", "08", "09", "0B"]);
/** The one program of Jetbox's that listens: it is the configured server itself. */
const SERVER = /\bpractice-model\.js\b/;
const LOOPBACK = /^(?:127\.|::1$|localhost$)/;

/** What stands in the kernel's tables of these processes now. */
export function socketsOf(processes: readonly ProcessMark[]): readonly SocketUse[] {
	const owners = new Map(processes.flatMap(({ pid }) => socketInodes(pid).map((inode) => [inode, pid] as const)));
	if (owners.size === 0) return [];
	const rows = ["tcp", "tcp6", "udp", "udp6"].flatMap((name) => rowsOf(name));
	const listening = new Set(rows.filter(({ state }) => state === LISTEN).map(({ local }) => local.port));
	return rows.flatMap(({ local, remote, state, inode }): readonly SocketUse[] => {
		const pid = owners.get(inode);
		if (pid === undefined) return [];
		const process = commandOf(pid);
		// It is ending: its sockets stay a moment longer than its name.
		if (process === "") return [];
		if (state === LISTEN) return [{ kind: "listens", ...local, process }];
		// What has a listener's port was accepted, not made.
		return OPEN.has(state) && remote.port !== 0 && !listening.has(local.port)
			? [{ kind: "connects", ...remote, process }]
			: [];
	});
}

/**
 * In words, each use that is neither a connection to a server on this machine that was configured, nor the practice model's own.
 * @param ports of configured servers
 */
export function forbidden(uses: readonly SocketUse[], ports: ReadonlySet<number>): readonly string[] {
	const isOwn = ({ host, process }: SocketUse) => SERVER.test(process) && LOOPBACK.test(host);
	const served = uses.filter((use) => use.kind === "listens" && isOwn(use)).map(({ port }) => port);
	const allowed = new Set([...ports, ...served]);
	const bad = uses.filter((use) =>
		use.kind === "listens" ? !isOwn(use) : !(LOOPBACK.test(use.host) && allowed.has(use.port)),
	);
	return [
		...new Set(bad.map(({ kind, host, port, process }) => `${process} ${kind} ${PREPOSITION[kind]} ${host}:${port}`)),
	];
}

const PREPOSITION = { listens: "on", connects: "to" } as const;

interface Row {
	readonly local: { readonly host: string; readonly port: number };
	readonly remote: { readonly host: string; readonly port: number };
	readonly state: string;
	readonly inode: string;
}

function rowsOf(table: string): readonly Row[] {
	let text: string;
	try {
		text = readFileSync(`/proc/net/${table}`, "utf8");
	} catch {
		// A kernel without that protocol.
		return [];
	}
	return text
		.trim()
		.split("\n")
		.slice(1)
		.map((line) => {
			const [, local = "", remote = "", state = "", , , , , , inode = ""] = line.trim().split(/\s+/);
			return { local: placeOf(local), remote: placeOf(remote), state, inode };
		});
}

/** `0100007F:1F90`: bytes of each 32-bit word in the machine's order. */
function placeOf(text: string): { readonly host: string; readonly port: number } {
	const [hex = "", port = ""] = text.split(":");
	const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => [...Buffer.from(word, "hex")].reverse());
	const isFour = bytes.length === 4 || (bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff);
	const host = isFour ? bytes.slice(-4).join(".") : sixOf(bytes);
	return { host, port: Number.parseInt(port, 16) };
}

function sixOf(bytes: readonly number[]): string {
	if (bytes.slice(0, -1).every((byte) => byte === 0)) return bytes.at(-1) === 1 ? "::1" : "::";
	return Buffer.from(bytes)
		.toString("hex")
		.replaceAll(/(.{4})(?=.)/g, "$1:");
}

function socketInodes(pid: string): readonly string[] {
	try {
		return readdirSync(`/proc/${pid}/fd`).flatMap(
			(fd) => /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${fd}`))?.[1] ?? [],
		);
	} catch {
		// It ended meanwhile, or is another user's.
		return [];
	}
}

function linkOf(path: string): string {
	try {
		return readlinkSync(path);
	} catch {
		return "";
	}
}
