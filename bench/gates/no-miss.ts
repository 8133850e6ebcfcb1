/** Gate: whatever was changed, the affected verdict names exactly the tests that plain pytest finds failing. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type BenchContext, workspaceFor } from "../context.ts";
import { failingOf } from "../engine.ts";
import type { Result } from "../measure.ts";
import { applyMutation, type Mutation, mutateData, mutatePython } from "../mutations.ts";
import { failingIds } from "../outcomes.ts";
import { dropBytecode, inventedIds, plainOutcomes } from "../plain-tools.ts";
import { generateLarge, generateMedium, type LayeredWorkspace } from "../workspaces/layered.ts";
import { createRandom, type Random } from "../workspaces/random.ts";

const TIMEOUT_MS = 300_000;

interface Tally {
	readonly missed: string[];
	readonly invented: string[];
	mutations: number;
	failing: number;
}

export async function noMiss(context: BenchContext): Promise<Result> {
	const { medium, large } = context.amounts.mutations;
	const tally: Tally = { missed: [], invented: [], mutations: 0, failing: 0 };
	context.plain.setRecording(true);
	try {
		await tryMutations(context, generateMedium(), medium, tally);
		await tryMutations(context, generateLarge(), large, tally);
	} finally {
		context.plain.setRecording(false);
	}
	const { missed, invented, mutations, failing } = tally;
	for (const words of missed) console.error(`no-miss: missed: ${words}`);
	for (const words of invented) console.error(`no-miss: invented: ${words}`);
	return {
		id: "no-miss",
		what: `gate: failing tests that the affected verdict missed, ${mutations} seeded mutations, ${failing} of them failing`,
		measured: `${missed.length} missed, ${invented.length} invented`,
		goal: "0",
		met: missed.length + invented.length === 0,
		figures: { mutations, failing, missed: missed.length, invented: invented.length },
	};
}

async function tryMutations(
	context: BenchContext,
	workspace: LayeredWorkspace,
	count: number,
	tally: Tally,
): Promise<void> {
	const { plain: environment, engines } = context;
	const root = workspaceFor(context, workspace, "mutated");
	const plainRoot = workspaceFor(context, workspace, "mutated-plain");
	const random = createRandom(count);
	const engine = engines.open(environment, root, { ruffEnabled: false });
	try {
		await engine.probe("full");
		for (let index = 0; index < count; index += 1) {
			const mutation = mutationOf(workspace, root, index, random);
			const undo = applyMutation(mutation, [root, plainRoot]);
			const told = failingOf(await engine.probe("affected"));
			dropBytecode(plainRoot, mutation.file);
			const runPlain = (...further: readonly string[]) =>
				plainOutcomes(environment, plainRoot, ["tests/", "-q", ...further], TIMEOUT_MS);
			const plain = await runPlain();
			if (plain === null) throw new Error(`Plain pytest did not end after ${mutation.what}.`);
			const failing = failingIds(plain);
			const invented = await inventedIds(told, failing, runPlain);
			undo();
			dropBytecode(plainRoot, mutation.file);
			const after = failingOf(await engine.probe("affected"));
			tally.mutations += 1;
			if (failing.length > 0) tally.failing += 1;
			const missing = failing.filter((id) => !told.includes(id));
			const extra = [...invented, ...after];
			if (missing.length > 0) tally.missed.push(`${workspace.id} ${mutation.what}: ${missing.slice(0, 3).join(" ")}`);
			if (extra.length > 0) tally.invented.push(`${workspace.id} ${mutation.what}: ${extra.slice(0, 3).join(" ")}`);
		}
	} finally {
		await engine.dispose();
	}
}

/** The kinds take turns. */
function mutationOf(workspace: LayeredWorkspace, root: string, index: number, random: Random): Mutation {
	const sources = workspace.modules.map(({ path }) => path);
	const all = [...workspace.files.keys()];
	const python = (file: string) => changed(mutatePython(file, textOf(root, file), random), file);
	const kinds: readonly (() => Mutation)[] = [
		() => python(random.pick(sources)),
		() => changed(mutateData(...withText(root, random.pick(workspace.data)), random), "data"),
		() => constant(root, workspace.hub.path),
		() => constant(root, random.pick(sources)),
		() => python(random.pick(all.filter((file) => file.includes("/test_")))),
		() => conftest(root, random.pick(all.filter((file) => file.endsWith("conftest.py")))),
		() => named(root, random.pick(all.filter((file) => file.endsWith("__init__.py")))),
		() => constant(root, workspace.typical.path),
		() => renamed(root, random.pick(sources)),
		() => ({ what: `${workspace.hub.path} gets a syntax error`, file: workspace.hub.path, text: "def value(:\n" }),
		() => deleted(random.pick(sources)),
	];
	const kind = kinds[index % kinds.length];
	if (kind === undefined) throw new Error("There are no kinds.");
	return kind();
}

function constant(root: string, file: string): Mutation {
	const text = textOf(root, file).replace(
		/^CONSTANT = (\d+)$/m,
		(_, value: string) => `CONSTANT = ${Number(value) + 1}`,
	);
	return { what: `${file} another CONSTANT`, file, text };
}

function conftest(root: string, file: string): Mutation {
	return { what: `${file} returns another value`, file, text: textOf(root, file).replace("return ", "return 1 + ") };
}

function named(root: string, file: string): Mutation {
	return { what: `${file} another NAME`, file, text: textOf(root, file).replace(/NAME = ".*"/, 'NAME = "other"') };
}

function renamed(root: string, file: string): Mutation {
	return { what: `${file} value() is renamed`, file, text: textOf(root, file).replace("def value(", "def worth(") };
}

function deleted(file: string): Mutation {
	return { what: `${file} is deleted`, file, text: null };
}

function changed(mutation: Mutation | null, file: string): Mutation {
	if (mutation === null) throw new Error(`${file} has nothing to change.`);
	return mutation;
}

function textOf(root: string, file: string): string {
	return readFileSync(join(root, file), "utf8");
}

function withText(root: string, file: string): [string, string] {
	return [file, textOf(root, file)];
}
