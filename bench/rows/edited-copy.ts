/** One edit and its verdict, by the engine or by the seed's sequential form, each on its own copy of the same project. */
import assert from "node:assert/strict";
import type { ProbeSettings } from "../../src/core/probes/engine-messages.ts";
import { type BenchContext, workspaceFor } from "../context.ts";
import { createEdits, type FileEdits } from "../edits.ts";
import { assertGreen, type BenchEngine, failingOf } from "../engine.ts";
import type { Environment } from "../environments.ts";
import { timed } from "../measure.ts";
import { sequentialForm } from "../plain-tools.ts";
import type { GeneratedWorkspace } from "../workspaces/workspace.ts";

export interface EditedFile {
	readonly file: string;
	readonly breaking: { readonly from: string; readonly to: string };
}

export interface EditedCopy {
	readonly root: string;
	readonly edits: FileEdits;
	/** Milliseconds from before an edit that passes to its verdict, which is asserted. */
	readonly pass: () => Promise<number>;
	/** The same of an edit that breaks. */
	readonly break: () => Promise<number>;
}

/** The engine rests after each verdict, so that nothing it does behind it runs into the next sample. */
export async function engineCopy(
	context: BenchContext,
	environment: Environment,
	workspace: GeneratedWorkspace,
	edited: EditedFile,
	side: string,
	settings: Partial<ProbeSettings> = {},
): Promise<EditedCopy & { readonly engine: BenchEngine }> {
	const root = workspaceFor(context, workspace, side);
	const edits = createEdits(root, edited.file, edited.breaking);
	const engine = context.engines.open(environment, root, settings);
	assertGreen(await engine.probe("full"), workspace.counts);
	await engine.rest();
	const restore = async (): Promise<void> => {
		edits.restore();
		assertGreen(await engine.probe("affected"));
		await engine.rest();
	};
	return {
		root,
		edits,
		engine,
		async pass() {
			const ms = await timed(async () => {
				edits.pass();
				assertGreen(await engine.probe("affected"));
			});
			await engine.rest();
			return ms;
		},
		async break() {
			const ms = await timed(async () => {
				edits.break();
				assert.notEqual(failingOf(await engine.probe("affected")).length, 0);
			});
			await engine.rest();
			await restore();
			return ms;
		},
	};
}

export function plainCopy(
	context: BenchContext,
	environment: Environment,
	workspace: GeneratedWorkspace,
	edited: EditedFile,
	side: string,
): EditedCopy {
	const root = workspaceFor(context, workspace, side);
	const edits = createEdits(root, edited.file, edited.breaking);
	return {
		root,
		edits,
		pass: () =>
			timed(async () => {
				edits.pass();
				const verdict = await sequentialForm(environment, root);
				assert.deepEqual(verdict, { lintClean: true, passed: workspace.counts.passed, failed: 0 });
			}),
		async break() {
			const ms = await timed(async () => {
				edits.break();
				const { passed, failed } = await sequentialForm(environment, root);
				assert.equal(passed + failed, workspace.counts.passed);
				assert.notEqual(failed, 0);
			});
			edits.restore();
			return ms;
		},
	};
}
