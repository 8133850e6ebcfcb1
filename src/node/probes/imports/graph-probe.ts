/** Asks `ruff analyze graph` for the imports of a workspace; an answer holds as long as no file comes, goes or imports otherwise. */
import { join, relative, sep } from "node:path";
import { completeGraph, type ImportGraph, importRoots, parseRawGraph } from "../../../core/probes/import-graph.ts";
import { IGNORED_PATTERNS, isPythonSource } from "../../../core/probes/inputs.ts";
import type { KeptAnswers } from "../../../core/probes/kept-answers.ts";
import { graphArguments, unparsedInGraph } from "../../../core/probes/ruff.ts";
import { type Content, changesBetween } from "../content/content.ts";
import { sourceKey } from "../keys.ts";
import { type RuffCli, startRuff } from "../lint/ruff-probe.ts";
import type { Toolchain } from "../tools/interpreter.ts";
import { createImportMarks } from "./import-marks.ts";

/** More roots than this make each import a long search; such a workspace is a collection of many projects. */
const MAX_ROOTS = 200;

export type GraphAnswer =
	| { readonly kind: "known"; readonly graph: ImportGraph }
	/** In words for people, why all tests count as affected. */
	| { readonly kind: "unknown"; readonly why: string };

type Asked =
	| Exclude<GraphAnswer, { kind: "known" }>
	| { readonly kind: "known"; readonly graph: ImportGraph; readonly unparsed: ReadonlySet<string> };

export interface GraphProbe {
	/** @throws signal.reason */
	graphOf(content: Content, toolchain: Toolchain, signal: AbortSignal): Promise<GraphAnswer>;
	/** The graph that was known last, whatever changed since. */
	last(): ImportGraph | null;
	/** That graph, for a later session. */
	keep(): KeptAnswers["graph"];
}

interface KnownGraph {
	/** Of the content and the ruff. */
	readonly key: string;
	readonly graph: ImportGraph;
	/** What it was asked of in this session, or stood for since; null of an earlier session's. */
	readonly at: { readonly content: Content; readonly ruff: string; readonly unparsed: ReadonlySet<string> } | null;
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
	let known: KnownGraph | null =
		kept === null
			? null
			: { key: kept.key, graph: { imports: new Map(kept.imports), opaque: new Set(kept.opaque) }, at: null };
	const marks = createImportMarks(root);

	/** Whether no file imports otherwise than when the known graph was asked for. */
	const stillStands = (content: Content, ruff: string): boolean => {
		if (known === null || known.at?.ruff !== ruff) return false;
		const { graph, at } = known;
		return changesBetween(at.content, content)
			.filter(isPythonSource)
			.every((file) => !graph.opaque.has(file) && !at.unparsed.has(file) && marks.areSame(file, at.content, content));
	};
	const ask = async (content: Content, toolchain: Toolchain, signal: AbortSignal): Promise<Asked> => {
		if (toolchain.ruff === null) return { kind: "unknown", why: "there is no ruff to tell the imports" };
		const roots = importRoots(content.keys());
		if (roots.length > MAX_ROOTS) return { kind: "unknown", why: `there are ${roots.length} import roots` };
		const absolute = roots.map((folder) => join(root, folder));
		const excluded = [...IGNORED_PATTERNS, ...environments().map((folder) => join(root, folder))];
		const result = await startRuff(cli, toolchain, content, graphArguments(absolute, excluded), signal);
		if ("status" in result) return { kind: "unknown", why: result.message };
		if (result.end.kind === "aborted") throw signal.reason;
		const way = (path: string) => relative(root, join(root, path)).split(sep).join("/");
		const isWhole = result.end.kind === "exited" && result.end.code === 0 && !result.truncated;
		const raw = isWhole ? parseRawGraph(result.stdout, way) : null;
		if (raw === null) return { kind: "unknown", why: "this ruff has no `analyze graph`" };
		const unparsed = new Set(unparsedInGraph(result.stderr).map((path) => relativeTo(root, path)));
		return { kind: "known", graph: completeGraph(content.keys(), raw, unparsed, known?.graph ?? null), unparsed };
	};
	return {
		async graphOf(content, toolchain, signal) {
			const key = sourceKey(content, toolchain);
			const ruff = toolchain.ruff?.fingerprint ?? "";
			if (known?.key === key) return { kind: "known", graph: known.graph };
			if (known !== null && known.at !== null && stillStands(content, ruff)) {
				known = { ...known, key, at: { ...known.at, content } };
				return { kind: "known", graph: known.graph };
			}
			const answer = await ask(content, toolchain, signal);
			if (answer.kind === "unknown") return answer;
			known = { key, graph: answer.graph, at: { content, ruff, unparsed: answer.unparsed } };
			marks.learn(content);
			return { kind: "known", graph: answer.graph };
		},
		last: () => known?.graph ?? null,
		keep: () =>
			known === null ? null : { key: known.key, imports: [...known.graph.imports], opaque: [...known.graph.opaque] },
	};
}

function relativeTo(root: string, path: string): string {
	return relative(root, path).split(sep).join("/");
}
