/** Files that no tool may reach (threats A01-A06, A12-A15, A23), tried through the real command line. */
import { execFileSync } from "node:child_process";
import { existsSync, linkSync, mkdirSync, readdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ScriptedCall } from "../fakes/obedient-model.ts";
import { type Arena, type Attacked, ENDLESS, fighting, openArena, RESTLESS } from "./arena.ts";

let arena: Arena;
beforeAll(async () => {
	arena = await openArena();
});
afterAll(() => arena.remove());

const ALL = ["--approve", "all", ...ENDLESS];

/** Every tool, pointed at one path. */
function everyTool(path: string): readonly ScriptedCall[] {
	return [
		{ name: "read_file", arguments: { path } },
		{ name: "list_files", arguments: { path } },
		{ name: "search", arguments: { text: "CANARY", path } },
		{ name: "write_file", arguments: { path, content: "owned\n" } },
		{ name: "edit_file", arguments: { path, old_text: "CANARY", new_text: "owned" } },
		{ name: "delete_file", arguments: { path } },
	];
}

/** `path tool code` of each call, for paths that every tool was pointed at. */
function verdicts({ results }: Attacked, paths: readonly string[]): readonly string[] {
	expect(results.length).toBe(paths.length * everyTool("").length);
	return results.map(({ name, code }, index) => `${paths[Math.floor(index / everyTool("").length)]} ${name} ${code}`);
}

test("A01 A02 A03 A14: no tool follows a path out of the workspace", async () => {
	const paths = [
		"../outside/secret.txt",
		"/etc/passwd",
		"~/.ssh/id_rsa",
		"file:///etc/passwd",
		"a/../../outside/secret.txt",
		".agent_workspace/../../outside/new.txt",
		"../ws-evil/x",
		"//etc/passwd",
	];
	const attacked = await arena.attack({ files: RESTLESS, options: ALL, turns: paths.map(everyTool) });
	expect(verdicts(attacked, paths).filter((verdict) => !verdict.endsWith(" outside"))).toEqual([]);
	expect(attacked).toMatchObject({ code: 1, err: "" });
});

test("A01 A02: nor an absolute path to a real file of the same user", async () => {
	const attacked = await arena.attack({
		files: RESTLESS,
		options: ALL,
		turns: ({ outside, home, root }) =>
			[`${outside}/secret.txt`, `${outside}/new.txt`, `${home}/.ssh/id_rsa`, `${root}/../outside/new.txt`].map(
				everyTool,
			),
	});
	expect(attacked.results.map(({ code }) => code)).toEqual(Array.from({ length: 24 }, () => "outside"));
});

test("A04 A05 A06: nor a link, to a file, to a folder, to nothing, or round in a circle; the refusal names the target", async () => {
	const paths = ["link.txt", "folder/secret.txt", "folder/new.txt", "dangling.txt", "loop/x", "folder"];
	const attacked = await arena.attack({
		files: RESTLESS,
		options: ALL,
		prepare: ({ root, outside }) => {
			symlinkSync(join(outside, "secret.txt"), join(root, "link.txt"));
			symlinkSync(outside, join(root, "folder"));
			symlinkSync(join(outside, "made-by-link.txt"), join(root, "dangling.txt"));
			symlinkSync("loop", join(root, "loop"));
		},
		turns: paths.map(everyTool),
	});
	expect(verdicts(attacked, paths).filter((verdict) => !verdict.endsWith(" outside"))).toEqual([]);
	const { outside } = attacked.ground;
	expect(attacked.results[0]?.message).toContain(join(outside, "secret.txt"));
	expect(existsSync(join(outside, "made-by-link.txt"))).toBe(false);
});

test("A05: a listing and a search pass links by", async () => {
	const { results } = await arena.attack({
		files: RESTLESS,
		options: ALL,
		prepare: ({ root, outside }) => symlinkSync(outside, join(root, "folder")),
		turns: [
			[
				{ name: "list_files", arguments: { path: "." } },
				{ name: "search", arguments: { text: "CANARY" } },
			],
		],
	});
	expect(results.map(({ message }) => message)).toEqual(["test_restless.py", "(no matches)"]);
});

test("A12: pipes, sockets, devices, kernel files and huge files end with an error, and the program ends", async () => {
	const paths = ["pipe", "socket", "zero", "memory", "huge.txt", "process"];
	const attacked = await arena.attack({
		files: RESTLESS,
		options: ALL,
		prepare: ({ root }) => {
			execFileSync("mkfifo", [join(root, "pipe")]);
			listenOn(join(root, "socket"));
			symlinkSync("/dev/zero", join(root, "zero"));
			symlinkSync("/proc/self/mem", join(root, "memory"));
			symlinkSync("/proc/self/environ", join(root, "process"));
			writeFileSync(join(root, "huge.txt"), "");
			truncateSync(join(root, "huge.txt"), 10 * 1024 ** 3);
		},
		turns: paths.map((path) => [
			{ name: "read_file", arguments: { path } },
			{ name: "edit_file", arguments: { path, old_text: "a", new_text: "b" } },
			{ name: "write_file", arguments: { path, content: "owned\n" } },
			{ name: "search", arguments: { text: "secret", path } },
		]),
	});
	const done = attacked.results.filter(({ ok, name }) => ok && name !== "search");
	expect(done).toEqual([]);
	expect(attacked.results).toHaveLength(paths.length * 4);
	expect(attacked).toMatchObject({ code: 1, err: "" });
});

/** A socket in the file system, as a stopped server leaves it. */
function listenOn(path: string): void {
	const program = "import socket, sys; s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1])";
	execFileSync("python3", ["-c", program, path]);
}

test("A10 A11 A13: names that some system or eye takes for others are refused by every tool", async () => {
	const paths = [
		...["CON", "aux.txt", "a:b", "x.", "x ", "GIT~1/config", "\\\\srv\\s", "\\\\?\\C:\\", "..\\x"],
		...["a\u0000b", "a\nb", "a".repeat(5_000), "d/".repeat(300), "con\u200bftest.py", "a\u202ey.py"],
	];
	const attacked = await arena.attack({ files: RESTLESS, options: ALL, turns: paths.map(everyTool) });
	expect(verdicts(attacked, paths).filter((verdict) => !/ (bad-path|outside)$/.test(verdict))).toEqual([]);
	expect(readdirSync(attacked.ground.root).filter((name) => name !== "__pycache__")).toEqual(["test_restless.py"]);
});

test("A15: files that hold credentials are neither read, nor found, nor listed, nor edited blind", async () => {
	const secrets = [".env", "server.pem", ".npmrc", ".netrc", "deploy/id_rsa", "tls.key"];
	const attacked = await arena.attack({
		files: ({ secret }) => ({ ...RESTLESS, ...Object.fromEntries(secrets.map((name) => [name, `${secret}\n`])) }),
		options: ALL,
		turns: secrets.map((path, index) => [
			{ name: "read_file", arguments: { path } },
			{ name: "search", arguments: { text: "CANARY", path } },
			...(index === 0 ? [{ name: "search", arguments: { text: "CANARY" } }] : []),
			{ name: "edit_file", arguments: { path, old_text: "CANARY", new_text: "x" } },
		]),
	});
	for (const { name, code, message } of attacked.results)
		expect([code, message]).toEqual(
			name === "search" ? ["ok", "(no matches)"] : ["protected", expect.stringContaining("credentials")],
		);
});

test("A23: Jetbox's own folder, even within the workspace, is out of reach", async () => {
	const attacked = await arena.attack({
		files: RESTLESS,
		env: ({ root }) => ({ XDG_STATE_HOME: join(root, "state") }),
		options: ALL,
		turns: [
			[{ name: "write_file", arguments: { path: "first.py", content: "x = 1\n" } }],
			everyTool("state/jetbox/without-sandbox.txt"),
			everyTool("state/jetbox"),
		],
	});
	expect(attacked.results[0]).toMatchObject({ ok: true });
	expect(attacked.results.slice(1).map(({ code }) => code)).toEqual(Array.from({ length: 12 }, () => "protected"));
});

test("an attack of our own: a hard link to a file outside is not written through", async () => {
	const attacked = await arena.attack({
		files: RESTLESS,
		options: ALL,
		prepare: ({ root, outside }) => {
			writeFileSync(join(outside, "shared.txt"), "shared\n");
			linkSync(join(outside, "shared.txt"), join(root, "inside.txt"));
		},
		turns: [
			[
				{ name: "read_file", arguments: { path: "inside.txt" } },
				{ name: "write_file", arguments: { path: "inside.txt", content: "owned\n" } },
				{ name: "edit_file", arguments: { path: "inside.txt", old_text: "shared", new_text: "owned" } },
				{ name: "delete_file", arguments: { path: "inside.txt" } },
			],
		],
	});
	expect(attacked.results.map(({ code }) => code)).toEqual(["ok", "denied", "denied", "denied"]);
});

const SWAPS = `
import os, shutil, sys
root, outside = sys.argv[1:]
folder, aside = os.path.join(root, "swapped"), os.path.join(root, "aside", "real")

def put_back():
    if os.path.islink(folder):
        os.unlink(folder)
    elif os.path.isdir(folder):
        shutil.rmtree(folder)
    os.rename(aside, folder)

while True:
    try:
        if os.path.isdir(aside):
            # The writer made the folder anew while the real one was away.
            put_back()
        os.rename(folder, aside); os.symlink(outside, folder)
        os.unlink(folder); os.rename(aside, folder)
    except OSError:
        continue
`;

test("A07: a folder that is swapped for a link all the while never lets a file out", async () => {
	const attacked = await arena.attack({
		files: { ...RESTLESS, "swapped/here.txt": "here\n" },
		options: ALL,
		prepare: ({ root }) => mkdirSync(join(root, "aside")),
		beside: fighting(SWAPS),
		turns: Array.from({ length: 4 }, (_, round) =>
			Array.from({ length: 8 }, (_, index) => ({
				name: "write_file",
				arguments: { path: `swapped/new-${round}-${index}.txt`, content: "owned\n" },
			})),
		),
	});
	expect(attacked.results.length).toBe(32);
});
