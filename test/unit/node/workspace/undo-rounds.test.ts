/** Undo of single rounds, and the choice where somebody changed a file since. */
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { JournaledWorkspace, UndoConflict } from "../../../../src/core/machine.ts";
import { openDiskWorkspace } from "../../../../src/node/workspace/disk-workspace.ts";
import { takenBack } from "../../../../src/node/workspace/take-back.ts";
import { undoRun } from "../../../../src/node/workspace/undo.ts";
import { undo } from "../../../fixtures/undo.ts";
import { temporaryWorkspace } from "../../../fixtures/workspace.ts";

const { signal } = new AbortController();
const LINES = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

interface Rig {
	readonly root: string;
	readonly stateDir: string;
	readonly workspace: JournaledWorkspace;
	write(path: string, text: string): Promise<void>;
	text(path: string): string;
}

async function rig(files: Readonly<Record<string, string>>): Promise<Rig> {
	const root = temporaryWorkspace(files);
	const stateDir = temporaryWorkspace();
	const workspace = await openDiskWorkspace({ root, runId: "r", stateDir });
	return {
		root,
		stateDir,
		workspace,
		async write(path, text) {
			if (!existsSync(join(root, path))) return workspace.apply({ kind: "create", path, text }, signal);
			const { hash } = await workspace.read(path, signal);
			await workspace.apply({ kind: "replace", path, text, expectedHash: hash }, signal);
		},
		text: (path) => readFileSync(join(root, path), "utf8"),
	};
}

/** `LINES` with some replaced. */
function lines(replaced: Readonly<Record<number, string>> = {}): string {
	return `${LINES.map((line, index) => replaced[index + 1] ?? line).join("\n")}\n`;
}

test("F54: one round goes back alone, folders and modes included, and the run after it still does", async () => {
	const { root, stateDir, workspace, write, text } = await rig({ "a.py": "a0\n", "b.sh": "b0\n" });
	chmodSync(join(root, "b.sh"), 0o750);
	workspace.beginRound(1);
	await write("a.py", "a1\n");
	workspace.beginRound(2);
	await write("b.sh", "b1\n");
	await write("b.sh", "b2\n");
	await write("new/c.py", "c\n");
	workspace.beginRound(3);
	await write("d.py", "d\n");

	expect(await undo(stateDir, root, { round: 2 })).toMatchObject({ round: 2, skipped: [] });
	expect(text("a.py")).toBe("a1\n");
	expect(text("b.sh")).toBe("b0\n");
	expect(statSync(join(root, "b.sh")).mode & 0o7777).toBe(0o750);
	expect(existsSync(join(root, "new"))).toBe(false);
	expect(text("d.py")).toBe("d\n");

	expect(await undo(stateDir, root, { round: 2 })).toMatchObject({ restored: [], skipped: [] });
	expect(await undo(stateDir, root)).toMatchObject({ restored: ["d.py", "a.py"], skipped: [] });
	expect(text("a.py")).toBe("a0\n");
	expect(existsSync(join(root, "d.py"))).toBe(false);
});

test("F54: rounds of one file go back newest first, each to the byte; out of order where the lines are others", async () => {
	const first = await rig({ "a.py": lines() });
	for (const round of [1, 2, 3]) {
		first.workspace.beginRound(round);
		await first.write("a.py", lines({ 2: `round ${round}` }));
	}
	expect(await undo(first.stateDir, first.root, { round: 1 })).toMatchObject({
		restored: [],
		skipped: [{ path: "a.py", reason: "round 3 changed it again" }],
	});
	for (const round of [3, 2, 1]) {
		expect(await undo(first.stateDir, first.root, { round })).toMatchObject({ restored: ["a.py"] });
		expect(first.text("a.py")).toBe(round === 1 ? lines() : lines({ 2: `round ${round - 1}` }));
	}

	const second = await rig({ "a.py": lines() });
	second.workspace.beginRound(1);
	await second.write("a.py", lines({ 2: "early" }));
	second.workspace.beginRound(2);
	await second.write("a.py", lines({ 2: "early", 9: "late" }));
	expect(await undo(second.stateDir, second.root, { round: 1, choose: () => "merge" })).toMatchObject({
		merged: ["a.py"],
	});
	expect(second.text("a.py")).toBe(lines({ 9: "late" }));
	expect(await undo(second.stateDir, second.root)).toMatchObject({ restored: ["a.py"], skipped: [] });
	expect(second.text("a.py")).toBe(lines());
});

test("a round that changed nothing, and a run of another folder, are said in words", async () => {
	const { root, stateDir, workspace, write } = await rig({ "a.py": "a\n" });
	workspace.beginRound(2);
	await write("a.py", "b\n");
	await expect(undo(stateDir, root, { round: 1 })).rejects.toMatchObject({ fix: "Rounds that did: 2." });
	const elsewhere = temporaryWorkspace();
	await expect(undo(stateDir, elsewhere, { runId: "r" })).rejects.toThrow(root);
	expect(await undo(stateDir, elsewhere)).toBeNull();
});

test("F54: what the user changed since is theirs to choose: keep, merge or restore", async () => {
	const told: UndoConflict[] = [];
	const changed = async () => {
		const made = await rig({ "a.py": lines(), "gone.py": "x\n" });
		await made.write("a.py", lines({ 2: "run" }));
		writeFileSync(join(made.root, "a.py"), lines({ 2: "run", 9: "mine" }));
		return made;
	};
	const kept = await changed();
	const result = await undo(kept.stateDir, kept.root, {
		choose: (conflict) => {
			told.push(conflict);
			return "keep";
		},
	});
	expect(result?.skipped).toEqual([{ path: "a.py", reason: "it was changed after the run" }]);
	expect(told).toEqual([
		{
			path: "a.py",
			reason: "it was changed after the run",
			now: lines({ 2: "run", 9: "mine" }),
			before: lines(),
			merged: lines({ 9: "mine" }),
		},
	]);
	expect(kept.text("a.py")).toBe(lines({ 2: "run", 9: "mine" }));

	const merged = await changed();
	expect(await undo(merged.stateDir, merged.root, { choose: () => "merge" })).toMatchObject({ merged: ["a.py"] });
	expect(merged.text("a.py")).toBe(lines({ 9: "mine" }));

	const restored = await changed();
	expect(await undo(restored.stateDir, restored.root, { choose: () => "restore" })).toMatchObject({
		restored: ["a.py"],
	});
	expect(restored.text("a.py")).toBe(lines());
});

test("F54: an edit of the user's between two rounds is not lost by undoing the run", async () => {
	const { root, stateDir, workspace, write, text } = await rig({ "a.py": lines() });
	workspace.beginRound(1);
	await write("a.py", lines({ 2: "run" }));
	writeFileSync(join(root, "a.py"), lines({ 2: "run", 5: "mine" }));
	workspace.beginRound(2);
	await write("a.py", lines({ 2: "run", 5: "mine", 9: "run" }));
	expect(await undo(stateDir, root)).toMatchObject({
		skipped: [{ path: "a.py", reason: "it was changed between the rounds of the run" }],
	});
	expect(await undo(stateDir, root, { runId: "r", choose: () => "merge" })).toMatchObject({ merged: ["a.py"] });
	expect(text("a.py")).toBe(lines({ 5: "mine" }));
});

test("F54: a mode that the user changed since is a change of theirs; merge keeps it", async () => {
	const { root, stateDir, write, text } = await rig({ "a.sh": "a\n" });
	await write("a.sh", "b\n");
	chmodSync(join(root, "a.sh"), 0o755);
	expect(await undo(stateDir, root)).toMatchObject({
		skipped: [{ path: "a.sh", reason: "its mode was changed after the run" }],
	});
	expect(await undo(stateDir, root, { runId: "r", choose: () => "merge" })).toMatchObject({ merged: ["a.sh"] });
	expect(text("a.sh")).toBe("a\n");
	expect(statSync(join(root, "a.sh")).mode & 0o7777).toBe(0o755);
});

test.each([1, 2])(
	"F54: a mode that the user changed before the run wrote again, in round %i, is not lost by undoing the run",
	async (later) => {
		const { root, stateDir, workspace, write, text } = await rig({ "a.sh": "a\n" });
		workspace.beginRound(1);
		await write("a.sh", "b\n");
		chmodSync(join(root, "a.sh"), 0o755);
		workspace.beginRound(later);
		await write("a.sh", "c\n");
		expect(await undo(stateDir, root)).toMatchObject({
			skipped: [{ path: "a.sh", reason: "its mode was changed between the rounds of the run" }],
		});
		expect(await undo(stateDir, root, { runId: "r", choose: () => "merge" })).toMatchObject({ merged: ["a.sh"] });
		expect(text("a.sh")).toBe("a\n");
		expect(statSync(join(root, "a.sh")).mode & 0o7777).toBe(0o755);
	},
);

test("F39 F54: a file with unsaved text in an editor is left alone; a change while the question stands is kept", async () => {
	const { root, stateDir, write, text } = await rig({ "a.py": "a\n", "b.py": "b\n" });
	await write("a.py", "run\n");
	await write("b.py", "run\n");
	writeFileSync(join(root, "b.py"), "mine\n");
	const result = await undoRun(
		{ stateDir, root },
		{
			runId: null,
			round: null,
			unsavedFiles: () => [join(root, "a.py")],
			choose: async () => {
				writeFileSync(join(root, "b.py"), "mine again\n");
				return "restore";
			},
		},
		signal,
	);
	expect(result).toMatchObject({ restored: [], skipped: [{ path: "b.py" }, { path: "a.py" }] });
	expect(text("a.py")).toBe("run\n");
	expect(text("b.py")).toBe("mine again\n");
});

test("a merge is taken only where there is one way to do it", () => {
	const before = lines();
	const after = lines({ 2: "run" });
	expect(takenBack({ now: lines({ 2: "run", 9: "mine" }), after, before })).toBe(lines({ 9: "mine" }));
	expect(takenBack({ now: lines({ 2: "mine" }), after, before })).toBeNull();
	const crLf = lines().replaceAll("\n", "\r\n");
	expect(takenBack({ now: crLf.replace("nine", "mine"), after: crLf, before: crLf.replace("two", "2") })).toBe(
		crLf.replace("two", "2").replace("nine", "mine"),
	);
});

test("a merge of two changes to lines apart is exact or refused, however much the lines repeat", () => {
	const row = fc.constantFrom("x", "y", "", "    return x");
	let exact = 0;
	fc.assert(
		fc.property(fc.array(row, { minLength: 8, maxLength: 30 }), fc.nat(), fc.nat(), (rows, one, other) => {
			const [run, user] = [one % rows.length, other % rows.length];
			fc.pre(Math.abs(run - user) > 4);
			const withLine = (text: readonly string[], at: number, line: string) => text.with(at, line);
			const after = withLine(rows, run, "RUN");
			const merged = takenBack({
				now: withLine(after, user, "MINE").join("\n"),
				after: after.join("\n"),
				before: rows.join("\n"),
			});
			if (merged !== null) exact += 1;
			expect([null, withLine(rows, user, "MINE").join("\n")]).toContain(merged);
		}),
		{ numRuns: 500 },
	);
	expect(exact).toBeGreaterThan(400);
});
