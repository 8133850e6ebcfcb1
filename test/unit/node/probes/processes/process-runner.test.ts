/** Processes with an end: what they print, hold open, leave behind (threats F65, F67, F73, F75). */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createProcessRunner, type ProcessRequest } from "../../../../../src/node/probes/processes/process-runner.ts";
import { findTagged } from "../../../../../src/node/probes/processes/tagged-processes.ts";

const never = new AbortController().signal;

function shell(program: string, rest: Partial<ProcessRequest> = {}): ProcessRequest {
	const limits = { timeoutMs: 60_000, maxOutputBytes: 65_536 };
	return { command: "/bin/sh", args: ["-c", program], cwd: "/", env: { PATH: "/usr/bin:/bin" }, ...limits, ...rest };
}

test("F65: a daemon that holds the output open does not hold the answer, and is gone after it", async () => {
	const result = await createProcessRunner().run(shell("env MARK_OF_TEST=f65 setsid sleep 600 & echo done"), never);
	expect(result).toMatchObject({ end: { kind: "exited", code: 0 }, stdout: "done\n" });
	await expect.poll(() => findTagged("MARK_OF_TEST", "f65")).toEqual([]);
});

test("F67: bytes that are no text, NULs, carriage returns and one endless line are read, within the limit", async () => {
	const result = await createProcessRunner().run(
		shell("printf 'a\\377\\000b\\rc'; head -c 20000000 /dev/zero | tr '\\0' x"),
		never,
	);
	expect(result.end).toEqual({ kind: "exited", code: 0 });
	expect(result.truncated).toBe(true);
	expect(result.stdout.length).toBeLessThan(200_000);
	expect(result.stdout.startsWith("a\ufffd\0b\rc")).toBe(true);
});

test("F73: what asks finds the end of its input at once", async () => {
	const result = await createProcessRunner().run(shell('read answer; echo "got:$answer"'), never);
	expect(result).toMatchObject({ end: { kind: "exited", code: 0 }, stdout: "got:\n" });
});

test("F75: many runs leave neither zombies, nor open files, nor listeners", async () => {
	const runner = createProcessRunner();
	const { signal } = new AbortController();
	const batch = () => Promise.all(Array.from({ length: 10 }, () => runner.run(shell("echo x; exit 3"), signal)));
	await batch();
	const openFiles = readdirSync("/proc/self/fd").length;
	for (let round = 0; round < 20; round += 1) await batch();
	await expect.poll(() => readdirSync("/proc/self/fd").length).toBeLessThanOrEqual(openFiles + 2);
	expect(zombies()).toEqual([]);
});

function zombies(): readonly string[] {
	return readdirSync("/proc")
		.filter((entry) => /^\d+$/.test(entry))
		.filter((pid) => {
			try {
				return new RegExp(`\\) Z ${process.pid} `).test(readFileSync(`/proc/${pid}/stat`, "utf8"));
			} catch {
				return false;
			}
		});
}
