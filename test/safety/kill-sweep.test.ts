/**
 * The sweep: one run over three files, killed at each of its system calls in turn, and with each of them failing in turn. After
 * each, every file is old or new, the run can go on, and undo is exact. The figures stand in docs/safety.md.
 */
import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DRIVER_EXIT } from "../fixtures/run-driver-script.ts";
import { type CallPoint, type Driver, type Fault, openDriver, type SweptCall } from "./driven-run.ts";

/** On a machine of a person's the sweep may be left out; in CI it fails where strace is missing. */
const required = process.platform === "linux" && (process.env["CI"] !== undefined || existsSync("/usr/bin/strace"));
const SWEEP_MS = 600_000;
/** Faults tried at the same time: each is a process that mostly waits. */
const LANES = 3;
const MIN_POINTS = 30;

interface Swept {
	readonly tried: number;
	readonly wrong: readonly string[];
	readonly codes: ReadonlySet<number | null>;
}

async function sweep(driver: Driver, faults: readonly Fault[]): Promise<Swept> {
	const wrong: string[] = [];
	const codes = new Set<number | null>();
	let tried = 0;
	const pending = [...faults];
	const lane = async () => {
		for (let fault = pending.shift(); fault !== undefined; fault = pending.shift()) {
			const { hit, wrong: found, driven } = await driver.tryFault(fault);
			if (hit) tried += 1;
			codes.add(driven.code);
			const { name, number, line } = fault.point;
			wrong.push(...found.map((what) => `${fault.what} at ${name} ${number} (${line.trim()}): ${what}`));
		}
	};
	await Promise.all(Array.from({ length: LANES }, lane));
	return { tried, wrong, codes };
}

describe.runIf(required)("with strace", () => {
	let driver: Driver;
	let points: readonly CallPoint[] = [];
	let lines: readonly string[] = [];
	beforeAll(async () => {
		driver = await openDriver();
		({ points, lines } = await driver.trace());
	}, SWEEP_MS);
	afterAll(() => driver?.remove());

	function faultsAt(calls: readonly SweptCall[], what: string): readonly Fault[] {
		return points.filter(({ name }) => calls.includes(name)).map((point) => ({ point, what }));
	}

	test(
		"F42 F56: killed at each write, fsync, rename, link, mkdir, unlink and chmod, each file is old or new, the run goes on, undo is exact",
		async () => {
			const { tried, wrong } = await sweep(
				driver,
				faultsAt(["write", "fsync", "rename", "link", "mkdir", "unlink", "fchmod"], "KILL"),
			);
			console.log(`kill sweep: ${tried} points`);
			expect(wrong).toEqual([]);
			expect(tried).toBeGreaterThanOrEqual(MIN_POINTS);
		},
		SWEEP_MS,
	);

	test.each([
		["ENOSPC", ["write", "fsync", "rename", "mkdir"]],
		["EIO", ["write", "fsync", "rename", "close"]],
	] as const)(
		"F43: %s at each call in turn leaves each file old or new, undo exact, and no temporary file",
		async (what, calls) => {
			const { tried, wrong, codes } = await sweep(driver, faultsAt(calls, what));
			console.log(`${what} sweep: ${tried} points`);
			expect(wrong).toEqual([]);
			expect(tried).toBeGreaterThanOrEqual(MIN_POINTS);
			expect(codes).toContain(DRIVER_EXIT.storage);
		},
		SWEEP_MS,
	);

	test(
		"F43: EACCES, EBUSY, EROFS, EMFILE and EDQUOT leave the old file, in words",
		async () => {
			const renames = faultsAt(["rename", "fchmod"], "");
			const faults = ["EACCES", "EBUSY", "EROFS", "EMFILE", "EDQUOT"].flatMap((what, index) =>
				renames.filter((_, number) => number % 3 === index % 3).map(({ point }) => ({ point, what })),
			);
			const { tried, wrong } = await sweep(driver, faults);
			console.log(`other errors: ${tried} points`);
			expect(wrong).toEqual([]);
			expect(tried).toBeGreaterThanOrEqual(faults.length / 2);
		},
		SWEEP_MS,
	);

	test("F42: what a change rests on is on the disk before it: its journal, its bytes, and then its folder", () => {
		const worker = lines.filter((line) => / (?:write\(.*jetbox-driver-|fsync\(|rename\()/.test(line));
		const renames = worker.flatMap((line, index) => (/ rename\(.*\.jetbox-/.test(line) ? [index] : []));
		expect(renames).toHaveLength(3);
		for (const at of renames) {
			const before = worker.slice(0, at);
			const journaled = before.findLastIndex((line) => / fsync\(.*manifest\.jsonl/.test(line));
			const temporary = before.findLastIndex((line) => / fsync\(.*\.jetbox-/.test(line));
			expect(journaled).toBeGreaterThan(before.findLastIndex((line) => / rename\(.*\.jetbox-/.test(line)));
			expect(temporary).toBeGreaterThan(journaled);
			expect(worker.slice(at + 1).findIndex((line) => / fsync\(\d+<[^>]*\/workspace(?:\/pkg)?>/.test(line))).toBe(0);
		}
	});
});
