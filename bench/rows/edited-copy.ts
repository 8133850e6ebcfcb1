/** One edit and its verdict, by the engine or by the seed's sequential form, each on its own copy of the same project. */
import assert from "node:assert/strict";
import type { ProbeSettings } from "../../src/core/probes/engine-messages.ts";
import { type BenchContext, workspaceFor } from "../context.ts";
import { createEdits, type FileEdits } from "../edits.ts";
import { assertGreen, type BenchEngine, failingOf } from "../engine.ts";
import type { Environment } from "../environments.ts";
import { timed } from "../measure.ts";
import { sequentialForm } from "../plain-tools.ts";
import type { LayeredModule } from "../workspaces/layered-modules.ts";
import type { GeneratedWorkspace } from "../workspaces/workspace.ts";

export interface EditedFile {
	readonly file: string;
	readonly breaking: { readonly from: string; readonly to: string };
}

/** An edit of one module of M or L. */
export function editOf({ path, constant }: LayeredModule): EditedFile {
	return { file: path, breaking: { from: `CONSTANT = ${constant}`, to: `CONSTANT = ${constant + 1}` } };
}

export interface EditedCopy {
	readonly root: string;
	readonly edits: FileEdits;
	/** Milliseconds from before an edit that passes to its verdict, which is asserted. */
	readonly pass: () => Promise<number>;
	/** The same of an edit that breaks. */
	readonly break: () => Promise<number>;
}

/** One whose first failure is heard of before its verdict. */
export interface HeardCopy extends EditedCopy {
	readonly engine: BenchEngine;
	/** Milliseconds from before an edit that breaks until the first failing test is told. */
	readonly firstFailure: () => Promise<number>;
}

/** The engine rests after each verdict, so that nothing it does behind it runs into the next sample. */
export async function engineCopy(
	context: BenchContext,
	environment: Environment,
	workspace: GeneratedWorkspace,
	edited: EditedFile,
	side: string,
	settings: Partial<ProbeSettings> = {},
): Promise<HeardCopy> {
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
		async firstFailure() {
			const startedAt = performance.now();
			let ms = 0;
			edits.break();
			const report = await engine.probe("affected", false, (progress) => {
				if (ms === 0 && progress.kind === "failing") ms = performance.now() - startedAt;
			});
			assert.notEqual(failingOf(report).length, 0);
			assert.notEqual(ms, 0);
			await engine.rest();
			await restore();
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
