/** The canaries themselves: each way to touch one is seen, and what is allowed is not taken for one. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { type Canaries, DEFAULT_SERVER_PORT, openCanaries } from "../canaries/canaries.ts";
import { forbidden } from "../canaries/sockets.ts";
import { type BuiltCli, buildCli } from "../fixtures/built-cli.ts";
import { portOf } from "../fixtures/values.ts";
import { temporaryWorkspace } from "../fixtures/workspace.ts";

interface Place {
	readonly canaries: Canaries;
	readonly root: string;
	readonly home: string;
	readonly beside: string;
}

async function laidOut(): Promise<Place> {
	const folder = temporaryWorkspace();
	const [home, beside, root] = [join(folder, "home"), join(folder, "beside"), join(folder, "workspace")];
	for (const path of [home, beside, root]) mkdirSync(path);
	const canaries = await openCanaries({ home, beside });
	onTestFinished(() => canaries.close());
	return { canaries, root, home, beside };
}

/** What is seen of a program (Node, given its arguments) that runs to its end. */
async function seenOf({ canaries, root }: Place, program: string, ...args: readonly string[]) {
	const env = { ...process.env, ...canaries.env };
	const child = spawn(process.execPath, ["-e", program, ...args], { cwd: root, env, stdio: "ignore" });
	const followed = canaries.follow(() => (child.pid === undefined ? [] : [child.pid]), new Set());
	const [code]: readonly unknown[] = await once(child, "exit");
	expect(code).toBe(0);
	const left = await followed.left(300);
	followed.stop();
	return [...canaries.violations(), ...followed.sockets(), ...left];
}

describe("seen", () => {
	test.each([
		["a file made beside the workspace", "fs.writeFileSync(beside + '/new.txt', '')", /new\.txt was made/],
		["a file changed in the home", "fs.appendFileSync(home + '/.bashrc', 'x')", /\.bashrc was changed/],
		[
			"the same bytes written anew",
			"fs.cpSync(home + '/.netrc', home + '/.netrc2'); fs.renameSync(home + '/.netrc2', home + '/.netrc')",
			/\.netrc was changed/,
		],
		["a key removed", "fs.rmSync(home + '/.ssh/id_rsa')", /id_rsa was removed/],
		["a mode changed", "fs.chmodSync(home + '/.ssh', 0o777)", /\.ssh was changed/],
		["the canary port", "net.connect(Number(port), '127.0.0.1', function () { this.destroy(); })", /canary port/],
		[
			"a listening socket",
			"net.createServer().listen(0, '127.0.0.1'); setTimeout(() => process.exit(), 400)",
			/listens on 127\.0\.0\.1:\d+/,
		],
		["one for all the world", "net.createServer().listen(0); setTimeout(() => process.exit(), 400)", /listens on ::/],
		[
			"a daemon that left its group",
			"require('child_process').spawn('setsid', ['sleep', '5'], { detached: true, stdio: 'ignore' }).unref()",
			/left running: \d+ sleep 5/,
		],
	])("%s", async (_what, action, words) => {
		const place = await laidOut();
		const program = `const fs = require("fs"), net = require("net"); const [home, beside, port] = process.argv.slice(1); ${action}`;
		const seen = await seenOf(place, program, place.home, place.beside, String(place.canaries.port));
		expect(seen.filter((one) => words.test(one))).toHaveLength(1);
	});

	test("a connection to another port of this machine, and where it was configured, none", async () => {
		const place = await laidOut();
		const server = createServer().listen(0, "127.0.0.1");
		await once(server, "listening");
		onTestFinished(() => void server.close());
		const port = portOf(server.address());
		const program = `require("net").connect(${port}, "127.0.0.1"); setTimeout(() => process.exit(), 400)`;
		expect(await seenOf(place, program)).toEqual([expect.stringContaining(`connects to 127.0.0.1:${port}`)]);
		const use = { kind: "connects", host: "127.0.0.1", port, process: "x" } as const;
		expect(forbidden([use], new Set([port]))).toEqual([]);
		expect(forbidden([{ ...use, host: "192.0.2.1" }], new Set([port]))).toHaveLength(1);
	});

	test("nothing, where nothing was touched", async () => {
		const place = await laidOut();
		expect(await seenOf(place, `require("fs").writeFileSync("inside.txt", ""); setTimeout(() => {}, 300)`)).toEqual([]);
	});
});

test("the practice model is a server of its own, for this machine alone", () => {
	const practice = { host: "127.0.0.1", port: 9_999, process: "node /x/dist/practice-model.js" };
	const cli = { kind: "connects", host: "localhost", port: 9_999, process: "node /x/dist/cli.js" } as const;
	expect(forbidden([{ kind: "listens", ...practice }, cli], new Set())).toEqual([]);
	expect(forbidden([{ kind: "listens", ...practice, host: "0.0.0.0" }], new Set())).toHaveLength(1);
	expect(forbidden([cli], new Set())).toHaveLength(1);
});

describe("around the command line's tests", () => {
	let cli: BuiltCli;
	beforeAll(async () => {
		cli = await buildCli();
	});
	afterAll(() => cli.remove());

	/** Puts a program before the command line's own. */
	function tamperedWith(program: string): void {
		const path = join(cli.folder, "cli.js");
		const text = readFileSync(path, "utf8");
		writeFileSync(
			path,
			text.replace(/^(#!.*\n)?/, (first) => `${first}${program}\n`),
		);
		onTestFinished(() => writeFileSync(path, text));
	}

	test("a run that touches nothing passes", async () => {
		expect(await cli.run("--version")).toMatchObject({ code: 0 });
	});

	test.each([
		[
			"a connection that is over before anybody could look",
			`import { connect as evil } from "node:net"; await new Promise((done) => evil(9, "127.0.0.1").on("error", done));`,
			"connects to 127.0.0.1:9",
		],
		[
			"a telling of a key",
			`import { readFileSync as evil } from "node:fs"; console.log(evil(process.env.HOME + "/.ssh/id_rsa", "utf8"));`,
			"a canary file was read",
		],
		[
			"a note in the home",
			`import { writeFileSync as evil } from "node:fs"; evil(process.env.HOME + "/.jetbox", "");`,
			".jetbox was made",
		],
	])("%s fails the test, though the command line ends with 0", async (_what, program, words) => {
		tamperedWith(program);
		await expect(cli.run("--version")).rejects.toThrow(words);
		expect(existsSync(cli.folder)).toBe(true);
	});

	test("the usual server's port is allowed where none is named, and only then", () => {
		const use = { kind: "connects", host: "::1", port: DEFAULT_SERVER_PORT, process: "x" } as const;
		expect(forbidden([use], new Set([DEFAULT_SERVER_PORT]))).toEqual([]);
		expect(forbidden([use], new Set([1]))).toHaveLength(1);
	});
});
