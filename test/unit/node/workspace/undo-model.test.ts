/**
 * Undo against a model: runs and a user change the same files in any order. What each step left is looked up on the disk, and
 * from that alone it is said what an undo has to do: restore to byte and mode, or leave the file to the user and say so.
 */
import {
	chmodSync,
	existsSync,
	lstatSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { JournaledWorkspace, UndoChoice, UndoResult } from "../../../../src/core/machine.ts";
import { WorkspaceError } from "../../../../src/core/ports.ts";
import { openDiskWorkspace } from "../../../../src/node/workspace/disk-workspace.ts";
import { sha256 } from "../../../../src/node/workspace/sha256.ts";
import { undo } from "../../../fixtures/undo.ts";
import { picture, temporaryWorkspace } from "../../../fixtures/workspace.ts";

const { signal } = new AbortController();
const PATHS = ["a.py", "b.sh", "d/c.py", "d/e/f.py"] as const;
const TEXTS = ["", "x\n", "\ufeffone\r\ntwo\n", "long\n".repeat(40)] as const;
const MODES = [0o600, 0o640, 0o644, 0o755, 0o444] as const;

type Path = (typeof PATHS)[number];
/** What `picture` says of a path: mode and bytes, or "folder"; null: nothing stands there. */
type Look = string | null;

interface Step {
	readonly run: string;
	/** Null: an undo's. */
	readonly round: number | null;
	readonly path: Path;
	readonly before: Look;
	readonly after: Look;
}

interface Model {
	runs: number;
	round: number;
	/** Oldest first. */
	readonly steps: Step[];
	readonly undone: Set<string>;
	/** Runs that a journal was made for, oldest first. */
	readonly journaled: string[];
}

interface Real {
	readonly root: string;
	readonly stateDir: string;
	workspace: JournaledWorkspace;
}

function look(root: string, path: Path): Look {
	return picture(root)[path] ?? null;
}

abstract class Command implements fc.AsyncCommand<Model, Real> {
	check(_: Readonly<Model>): boolean {
		return true;
	}
	abstract run(model: Model, real: Real): Promise<void>;
	abstract toString(): string;
}

class NewRun extends Command {
	async run(model: Model, real: Real): Promise<void> {
		model.runs += 1;
		model.round = 0;
		real.workspace = await openDiskWorkspace({ ...real, runId: `run-${model.runs}` });
	}
	toString = () => "a new run";
}

class NextRound extends Command {
	async run(model: Model, real: Real): Promise<void> {
		model.round += 1;
		real.workspace.beginRound(model.round);
	}
	toString = () => "the next round";
}

class RunChange extends Command {
	/** @param formatted the editor writes, and adds a line of its own; null: the workspace writes */
	constructor(
		private readonly path: Path,
		private readonly text: string | null,
		private readonly formatted: string | null,
	) {
		super();
	}

	async run(model: Model, { root, workspace }: Real): Promise<void> {
		const before = picture(root);
		const { path, text } = this;
		try {
			await this.apply(root, workspace);
		} catch (error) {
			if (!(error instanceof WorkspaceError)) throw error;
			expect(picture(root)).toEqual(before);
			return;
		}
		const run = `run-${model.runs}`;
		if (!model.journaled.includes(run)) model.journaled.push(run);
		model.steps.push({ run, round: model.round, path, before: before[path] ?? null, after: look(root, path) });
		if (text === null) expect(look(root, path)).toBeNull();
		else expect(plain(readFileSync(join(root, path), "utf8"))).toBe(plain(text + (this.formatted ?? "")));
		expect(withoutFolders(picture(root), path)).toEqual(withoutFolders(before, path));
	}

	private async apply(root: string, workspace: JournaledWorkspace): Promise<void> {
		const { path, text, formatted } = this;
		if (!existsSync(join(root, path))) {
			if (text === null) throw new WorkspaceError("missing", "nothing to delete");
			return workspace.apply({ kind: "create", path, text: text + (formatted ?? "") }, signal);
		}
		const { hash: expectedHash } = await workspace.read(path, signal);
		if (text === null) return workspace.apply({ kind: "delete", path, expectedHash }, signal);
		const change = { kind: "replace", path, text, expectedHash } as const;
		if (formatted === null) return workspace.apply(change, signal);
		const write = async () => writeFileSync(join(root, path), text + formatted);
		return workspace.applyWith(change, write, signal);
	}

	toString = () =>
		`run ${this.text === null ? "deletes" : `writes ${JSON.stringify(this.text.slice(0, 9))} to`} ${this.path}`;
}

class UserChange extends Command {
	constructor(
		private readonly words: string,
		private readonly change: (root: string) => void,
	) {
		super();
	}
	async run(_: Model, { root }: Real): Promise<void> {
		try {
			this.change(root);
		} catch {
			// Nothing there to rename or to delete, or a folder where a file is named: then this user does nothing.
		}
	}
	toString = () => `user ${this.words}`;
}

class Undo extends Command {
	/** @param back how many runs before the newest; null: the newest that was not undone */
	constructor(
		private readonly back: number | null,
		private readonly wholeRun: boolean,
		private readonly choice: UndoChoice,
	) {
		super();
	}

	override check({ journaled }: Readonly<Model>): boolean {
		return journaled.length > 0;
	}

	async run(model: Model, { root, stateDir }: Real): Promise<void> {
		const run =
			this.back === null
				? model.journaled.findLast((id) => !model.undone.has(id))
				: model.journaled.at(-1 - (this.back % model.journaled.length));
		const own = model.steps.filter((step) => step.run === run);
		const round = this.wholeRun ? null : (own.findLast((step) => step.round !== null)?.round ?? null);
		const before = picture(root);
		const result = await undo(stateDir, root, {
			...(this.back === null || run === undefined ? {} : { runId: run }),
			...(round === null ? {} : { round }),
			choose: () => this.choice,
		});
		if (run === undefined) {
			expect(result).toBeNull();
			expect(picture(root)).toEqual(before);
			return;
		}
		expect(result).toMatchObject({ runId: run, round, damagedLines: 0 });
		if (result === null) return;
		for (const path of PATHS) {
			const steps = own.filter((step) => step.path === path);
			expectUndone(this.choice, steps, round, before[path] ?? null, look(root, path), result, path);
			if (before[path] !== (look(root, path) ?? undefined)) {
				model.steps.push({ run, round: null, path, before: before[path] ?? null, after: look(root, path) });
				expectKept(stateDir, run, steps, before[path] ?? null);
			}
		}
		const others = (all: Readonly<Record<string, string>>) =>
			Object.entries(all).filter(([path, entry]) => entry !== "folder" && !PATHS.some((known) => known === path));
		expect(others(picture(root))).toEqual(others(before));
		if (round === null) model.undone.add(run);
	}

	toString = () => `undo ${this.wholeRun ? "run" : "round"} ${this.back ?? "newest"}, ${this.choice}`;
}

/** What undo has to do with one file, by what stood there before and after each step. */
function expectUndone(
	choice: UndoChoice,
	steps: readonly Step[],
	round: number | null,
	before: Look,
	after: Look,
	result: UndoResult,
	path: Path,
): void {
	const taken = steps.filter((step) => (round === null ? true : step.round === round));
	const [first] = taken;
	const said = {
		restored: result.restored.includes(path),
		merged: result.merged.includes(path),
		skipped: result.skipped.some((skip) => skip.path === path),
	};
	if (first === undefined) {
		expect(after).toBe(before);
		expect(said).toEqual({ restored: false, merged: false, skipped: false });
		return;
	}
	const last = steps.indexOf(taken.at(-1) ?? first);
	const isForeign =
		steps[last]?.after !== before ||
		taken.some((step, index) => index > 0 && step.before !== steps[steps.indexOf(step) - 1]?.after);
	const statesUpTo = (end: number) => steps.slice(0, end).flatMap((step) => [step.before, step.after]);
	const isOwnState =
		statesUpTo(last + 1).includes(before) &&
		taken.every((step, index) => index === 0 || statesUpTo(steps.indexOf(step)).includes(step.before));
	expect(Object.values(said).filter(Boolean).length).toBeLessThanOrEqual(1);
	if (before === first.before) {
		expect(after).toBe(before);
	} else if (!isForeign) {
		// A folder that the user put where the file's own was is the user's.
		if (said.skipped) expect(result.skipped.find((skip) => skip.path === path)?.reason).toMatch(/part of the path/);
		else expect([after, said.restored]).toEqual([first.before, true]);
	} else if (said.restored) {
		// Who puts a state back that the run itself had left is not told from a write of the run that was cut off: nobody is asked.
		if (!isOwnState) expect(choice).toBe("restore");
		expect(after).toBe(first.before);
	} else if (said.merged) {
		expect(choice).toBe("merge");
	} else {
		expect([after, said.skipped]).toEqual([before, true]);
	}
	if (said.skipped) expect(after).toBe(before);
}

/** What an undo overwrote of somebody else's stands in the run's store. */
function expectKept(stateDir: string, run: string, steps: readonly Step[], before: Look): void {
	if (before === null || steps.some((step) => step.after === before)) return;
	const hash = sha256(Buffer.from(before.split(" ")[1] ?? "", "hex"));
	const kept = readdirSync(stateDir, { recursive: true }).map(String);
	expect(kept.some((name) => name.endsWith(join(run, hash)))).toBe(true);
}

function withoutFolders(all: Readonly<Record<string, string>>, path: string): readonly (readonly [string, string])[] {
	return Object.entries(all).filter(([name, entry]) => name !== path && entry !== "folder");
}

/** Without what the workspace keeps of the file that it replaces: BOM and line ends. */
function plain(text: string): string {
	return text.replace(/^\ufeff/, "").replaceAll("\r\n", "\n");
}

/** Mostly one file, so that steps meet on it. */
const PATH = fc.oneof(
	{ weight: 3, arbitrary: fc.constant<Path>("a.py") },
	{ weight: 1, arbitrary: fc.constantFrom(...PATHS) },
);
const TEXT = fc.constantFrom(...TEXTS);
const CHOICE = fc.constantFrom<UndoChoice>("keep", "keep", "restore", "merge");

const COMMANDS = [
	fc.constant(new NewRun()),
	fc.constant(new NextRound()),
	fc.tuple(PATH, TEXT).map(([path, text]) => new RunChange(path, text, null)),
	fc.tuple(PATH, TEXT).map(([path, text]) => new RunChange(path, text, null)),
	fc.tuple(PATH, TEXT).map(([path, text]) => new RunChange(path, text, "# formatted\n")),
	PATH.map((path) => new RunChange(path, null, null)),
	fc.tuple(PATH, TEXT).map(
		([path, text]) =>
			new UserChange(`writes ${path}`, (root) => {
				mkdirSync(dirname(join(root, path)), { recursive: true });
				writeFileSync(join(root, path), `user ${text}`);
			}),
	),
	PATH.map((path) => new UserChange(`deletes ${path}`, (root) => rmSync(join(root, path)))),
	fc
		.tuple(PATH, fc.constantFrom(...MODES))
		.map(
			([path, mode]) =>
				new UserChange(`sets ${path} to ${mode.toString(8)}`, (root) => chmodSync(join(root, path), mode)),
		),
	fc
		.tuple(PATH, fc.constantFrom<string>(...PATHS, "elsewhere.py"))
		.map(
			([from, to]) =>
				new UserChange(`renames ${from} to ${to}`, (root) => renameSync(join(root, from), join(root, to))),
		),
	PATH.map(
		(path) =>
			new UserChange(`makes ${path} a folder`, (root) => {
				if (lstatSync(join(root, path)).isDirectory()) return;
				rmSync(join(root, path));
				mkdirSync(join(root, path));
				writeFileSync(join(root, path, "own.txt"), "user's own\n");
			}),
	),
	fc.constantFrom("d", "d/e").map(
		(path) =>
			new UserChange(`makes ${path} a file`, (root) => {
				rmSync(join(root, path), { recursive: true });
				writeFileSync(join(root, path), "user's own\n");
			}),
	),
	fc
		.tuple(fc.option(fc.nat(2), { nil: null }), fc.boolean(), CHOICE)
		.map(([back, wholeRun, choice]) => new Undo(back, wholeRun, choice)),
	fc.tuple(fc.boolean(), CHOICE).map(([wholeRun, choice]) => new Undo(null, wholeRun, choice)),
];

test("F54: whatever runs and a user do in turn, each undo is exact to byte and mode, and nothing of the user's is lost", async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.dictionary(PATH, TEXT),
			fc.commands([...COMMANDS], { maxCommands: 30, size: "max" }),
			async (files, commands) => {
				const root = temporaryWorkspace(files);
				const stateDir = temporaryWorkspace();
				const setup = async () => ({
					model: { runs: 1, round: 0, steps: [], undone: new Set<string>(), journaled: [] },
					real: { root, stateDir, workspace: await openDiskWorkspace({ root, runId: "run-1", stateDir }) },
				});
				await fc.asyncModelRun(setup, commands);
				rmSync(root, { recursive: true });
				rmSync(stateDir, { recursive: true });
			},
		),
		{ numRuns: 60, interruptAfterTimeLimit: 40_000 },
	);
});
