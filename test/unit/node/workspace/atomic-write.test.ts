import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
	chmodSync,
	chownSync,
	existsSync,
	readdirSync,
	readFileSync,
	statSync,
	utimesSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { buildSync } from "esbuild";
import { beforeAll, expect, test } from "vitest";
import { writeAtomically } from "../../../../src/node/workspace/atomic-write.ts";
import { openDiskWorkspace } from "../../../../src/node/workspace/disk-workspace.ts";
import { undo } from "../../../fixtures/undo.ts";
import { temporaryWorkspace } from "../../../fixtures/workspace.ts";

const signal = new AbortController().signal;
const SIZE = 400_000;
const OLD = "O".repeat(SIZE);
const NOBODY = 65_534;
let bundle = "";

beforeAll(() => {
	const built = buildSync({
		entryPoints: [join(import.meta.dirname, "../../../fixtures/disk-writer.ts")],
		bundle: true,
		platform: "node",
		format: "esm",
		write: false,
	});
	bundle = built.outputFiles[0]?.text ?? "";
});

interface Rig {
	readonly root: string;
	readonly stateDir: string;
	readonly script: string;
}

function rig(): Rig {
	const script = join(temporaryWorkspace({ "writer.mjs": bundle }), "writer.mjs");
	return { root: temporaryWorkspace({ "file.txt": OLD }), stateDir: temporaryWorkspace(), script };
}

async function outputOf(child: ChildProcess): Promise<string> {
	let output = "";
	child.stdout?.on("data", (chunk: Buffer) => {
		output += chunk.toString();
	});
	await once(child, "close");
	return output.trim();
}

test("F42: a kill at any moment leaves the old text or a new one, whole; undo then brings the old one back", async () => {
	const { root, stateDir, script } = rig();
	const whole = new Set([OLD, "N".repeat(SIZE), "M".repeat(SIZE)]);
	for (let turn = 0; turn < 12; turn += 1) {
		const child = spawn(process.execPath, [script, root, stateDir, "loop", String(SIZE)], {
			stdio: ["ignore", "pipe", "inherit"],
		});
		await once(child.stdout, "data");
		await sleep(turn * 7);
		child.kill("SIGKILL");
		await once(child, "close");
		expect(whole.has(readFileSync(join(root, "file.txt"), "utf8"))).toBe(true);
	}
	// Each killed run is undone from the newest to the oldest.
	while ((await undo(stateDir, root)) !== null);
	expect(readFileSync(join(root, "file.txt"), "utf8") === OLD).toBe(true);
});

test("F42: whoever reads during writes sees one text or another, whole", async () => {
	const { root, stateDir, script } = rig();
	const whole = new Set([OLD, "N".repeat(SIZE), "M".repeat(SIZE)]);
	const child = spawn(process.execPath, [script, root, stateDir, "loop", String(SIZE)], {
		stdio: ["ignore", "pipe", "inherit"],
	});
	await once(child.stdout, "data");
	const seen = new Set<string>();
	for (let turn = 0; turn < 4_000 && !(turn > 1_000 && seen.size === 3); turn += 1)
		seen.add(readFileSync(join(root, "file.txt"), "utf8"));
	child.kill("SIGKILL");
	await once(child, "close");
	expect([...seen].every((text) => whole.has(text))).toBe(true);
	expect(seen.size).toBeGreaterThan(1);
});

test("F42: what a killed write left is swept when the workspace is next opened; what is in use is not", async () => {
	const { root, stateDir } = rig();
	const first = await openDiskWorkspace({ root, runId: "one", stateDir });
	await first.apply({ kind: "create", path: "src/a.py", text: "" }, signal);
	const gone = spawn(process.execPath, ["-e", ""]);
	await once(gone, "close");
	const dead = join(root, `src/.jetbox-${gone.pid}-0123456789ab.tmp`);
	const alive = join(root, `src/.jetbox-${process.pid}-0123456789ab.tmp`);
	for (const path of [dead, alive]) {
		writeFileSync(path, "half");
		utimesSync(path, 1, 1);
	}
	await openDiskWorkspace({ root, runId: "two", stateDir });
	expect(existsSync(dead)).toBe(false);
	expect(existsSync(alive)).toBe(true);
});

test("F43: a write that the system cuts short leaves the old file and no temporary one", async () => {
	const { root, stateDir, script } = rig();
	// Beyond this size of a file each write fails; 512-byte blocks, and the journal's copy of the old text still fits.
	const limited = `trap '' XFSZ; ulimit -f 1000; exec "$@"`;
	const args = ["-c", limited, "sh", process.execPath, script, root, stateDir, "once", "900000"];
	expect(await outputOf(spawn("sh", args, { stdio: ["ignore", "pipe", "inherit"] }))).toBe("io");
	expect(readFileSync(join(root, "file.txt"), "utf8") === OLD).toBe(true);
	expect(readdirSync(root)).toEqual(["file.txt"]);
});

/** Whether a disk of our own can be mounted here; where not, the kill sweep still makes each call fail for want of space. */
const canMount =
	process.platform === "linux" &&
	spawnSync("unshare", ["-rm", "sh", "-c", 'mount -t tmpfs none "$1"', "sh", tmpdir()]).status === 0;

test.skipIf(!canMount).each([
	["workspace", "400k", "file.txt was not changed: the disk is full."],
	["store", "200k", "because the disk is full."],
])(
	"F43: on a really full disk of the %s the old file stands, whole and alone, and the run says so",
	async (full, size, words) => {
		const { root, stateDir, script } = rig();
		const onDisk = [
			`mount -t tmpfs -o size=${size} none "$1"`,
			`yes O | tr -d '\\n' | head -c 300000 > "$2/file.txt"`,
			`"$3" "$4" "$2" "$5" once 300000`,
			`ls -A "$2"`,
			`tr -d O < "$2/file.txt" | wc -c`,
			`wc -c < "$2/file.txt"`,
		].join("; ");
		const disk = full === "workspace" ? root : stateDir;
		const args = ["-rm", "sh", "-c", onDisk, "sh", disk, root, process.execPath, script, stateDir];
		const output = await outputOf(spawn("unshare", args, { stdio: ["ignore", "pipe", "inherit"] }));
		expect(output).toContain(words);
		expect(
			output
				.split("\n")
				.slice(-3)
				.map((line) => line.trim()),
		).toEqual(["file.txt", "0", "300000"]);
	},
);

test("F43: a folder that may not be written leaves the old file and says so", async () => {
	const { root, stateDir, script } = rig();
	const asRoot = process.getuid?.() === 0;
	chmodSync(join(script, ".."), 0o755);
	chmodSync(stateDir, 0o777);
	chmodSync(root, 0o555);
	if (asRoot) chownSync(join(root, "file.txt"), NOBODY, NOBODY);
	const child = spawn(process.execPath, [script, root, stateDir, "once", "100"], {
		stdio: ["ignore", "pipe", "inherit"],
		...(asRoot ? { uid: NOBODY, gid: NOBODY } : {}),
	});
	expect(await outputOf(child)).toBe("denied");
	chmodSync(root, 0o755);
	expect(readFileSync(join(root, "file.txt"), "utf8") === OLD).toBe(true);
	expect(readdirSync(root)).toEqual(["file.txt"]);
});

test("F44: mode and owner are those of the file that was replaced; a long name has room for the temporary one", async () => {
	const root = temporaryWorkspace();
	const name = `${"字".repeat(83)}.py`;
	const path = join(root, name);
	writeFileSync(path, "old");
	chmodSync(path, 0o640);
	const asRoot = process.getuid?.() === 0;
	if (asRoot) chownSync(path, NOBODY, NOBODY);
	const { uid, gid } = statSync(path);
	await writeAtomically(root, name, Buffer.from("new"), { mode: 0o640, owner: { uid, gid } });
	expect(readFileSync(path, "utf8")).toBe("new");
	expect(statSync(path)).toMatchObject({ uid, gid });
	expect(statSync(path).mode & 0o7777).toBe(0o640);
	expect(readdirSync(root)).toEqual([name]);
});
