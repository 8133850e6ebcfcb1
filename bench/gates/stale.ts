/** Gate: two edits of the same size within one second, which Python's bytecode cannot tell apart. */
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type BenchContext, workspaceFor } from "../context.ts";
import { failingOf } from "../engine.ts";
import type { Result } from "../measure.ts";
import { sequentialForm } from "../plain-tools.ts";
import { generateSmall, SMALL_BREAK, SMALL_MODULE } from "../workspaces/small.ts";

/** A file's stamp is of the kernel's last tick and a timer may fire early: an edit at once could still bear the second before. */
const STAMP_LAG_MS = 20;

export async function stale(context: BenchContext): Promise<Result> {
	const small = generateSmall();
	const root = workspaceFor(context, small, "stale");
	const plainRoot = workspaceFor(context, small, "stale-plain");
	const engine = context.engines.open(context.plain, root);
	let wrong = 0;
	let plainWrong = 0;
	let edits = 0;
	await engine.probe("full");
	for (
		let attempt = 0;
		edits < context.amounts.doubleEdits && attempt < 10 * context.amounts.doubleEdits;
		attempt += 1
	) {
		const judged = await doubleEdit(root, async () => failingOf(await engine.probe("affected")).length > 0);
		if (judged === null) continue;
		edits += 1;
		wrong += judged ? 0 : 1;
		const plain = await doubleEdit(plainRoot, async () => {
			const { passed, failed } = await sequentialForm(context.plain, plainRoot);
			return passed + failed === 4 && failed > 0;
		});
		plainWrong += plain === false ? 1 : 0;
	}
	return {
		id: "stale",
		what: `gate: ${edits} same-size double edits within a second; plain ruff and pytest were wrong in ${plainWrong}`,
		measured: `${wrong} wrong`,
		goal: "0 wrong",
		met: wrong === 0 && edits >= context.amounts.doubleEdits,
		figures: { edits, wrong, plainWrong },
	};
}

/** Judges a good text, then a bad one of the same size; whether both were right, or null where a second passed between. */
async function doubleEdit(root: string, fails: () => Promise<boolean>): Promise<boolean | null> {
	const path = join(root, SMALL_MODULE);
	const good = readFileSync(path, "utf8");
	const bad = good.replace(SMALL_BREAK.from, SMALL_BREAK.to);
	// Begins with a new second, so that both edits fit into it.
	await new Promise((resolve) => setTimeout(resolve, 1_000 - (Date.now() % 1_000) + STAMP_LAG_MS));
	writeFileSync(path, good);
	const first = secondOf(path);
	const goodFails = await fails();
	writeFileSync(path, bad);
	const second = secondOf(path);
	const badFails = await fails();
	writeFileSync(path, good);
	return first === second && good.length === bad.length ? !goodFails && badFails : null;
}

function secondOf(path: string): number {
	return Math.floor(statSync(path).mtimeMs / 1_000);
}
