/** Asks `ruff analyze graph` for the imports of a workspace; an answer holds as long as no Python file changes. */
import { join, relative, sep } from "node:path";
import { completeGraph, type ImportGraph, importRoots, parseRawGraph } from "../../core/probes/import-graph.ts";
import { IGNORED_PATTERNS } from "../../core/probes/inputs.ts";
import type { KeptAnswers } from "../../core/probes/kept-answers.ts";
import { graphArguments, unparsedInGraph } from "../../core/probes/ruff.ts";
import type { Content } from "./content.ts";
import type { Toolchain } from "./interpreter.ts";
import { sourceKey } from "./keys.ts";
import { type RuffCli, startRuff } from "./ruff-probe.ts";

/** More roots than this make each import a long search; such a workspace is a collection of many projects. */
const MAX_ROOTS = 200;

export type GraphAnswer =
	| { readonly kind: "known"; readonly graph: ImportGraph }
	/** In words for people, why all tests count as affected. */
	| { readonly kind: "unknown"; readonly why: string };

export interface GraphProbe {
	/** @throws signal.reason */
	graphOf(content: Content, toolchain: Toolchain, signal: AbortSignal): Promise<GraphAnswer>;
	/** The graph that was known last, whatever changed since. */
	last(): ImportGraph | null;
	/** That graph, for a later session. */
	keep(): KeptAnswers["graph"];
}

/**
 * @param environments folders (workspace-relative) that are no source
 * @param kept the graph that an earlier session knew last
 */
export function createGraphProbe(
	cli: RuffCli,
	environments: () => readonly string[],
	kept: KeptAnswers["graph"] = null,
): GraphProbe {
	const { root } = cli;
	let known: { readonly key: string; readonly graph: ImportGraph } | null =
		kept === null ? null : { key: kept.key, graph: { imports: new Map(kept.imports), opaque: new Set(kept.opaque) } };

	const ask = async (content: Content, toolchain: Toolchain, signal: AbortSignal): Promise<GraphAnswer> => {
		if (toolchain.ruff === null) return { kind: "unknown", why: "there is no ruff to tell the imports" };
		const roots = importRoots(content.keys());
		if (roots.length > MAX_ROOTS) return { kind: "unknown", why: `there are ${roots.length} import roots` };
		const absolute = roots.map((folder) => join(root, folder));
		const excluded = [...IGNORED_PATTERNS, ...environments().map((folder) => join(root, folder))];
		const result = await startRuff(cli, toolchain, graphArguments(absolute, excluded), signal);
		if ("status" in result) return { kind: "unknown", why: result.message };
		if (result.end.kind === "aborted") throw signal.reason;
		const way = (path: string) => relative(root, join(root, path)).split(sep).join("/");
		const isWhole = result.end.kind === "exited" && result.end.code === 0 && !result.truncated;
		const raw = isWhole ? parseRawGraph(result.stdout, way) : null;
		if (raw === null) return { kind: "unknown", why: "this ruff has no `analyze graph`" };
		const unparsed = new Set(unparsedInGraph(result.stderr).map((path) => relativeTo(root, path)));
		return { kind: "known", graph: completeGraph(content.keys(), raw, unparsed, known?.graph ?? null) };
	};
	return {
		async graphOf(content, toolchain, signal) {
			const key = sourceKey(content, toolchain);
			if (known?.key === key) return { kind: "known", graph: known.graph };
			const answer = await ask(content, toolchain, signal);
			if (answer.kind === "known") known = { key, graph: answer.graph };
			return answer;
		},
		last: () => known?.graph ?? null,
		keep: () =>
			known === null ? null : { key: known.key, imports: [...known.graph.imports], opaque: [...known.graph.opaque] },
	};
}

function relativeTo(root: string, path: string): string {
	return relative(root, path).split(sep).join("/");
}
