/**
 * Where to look for a failure that names no place: modules that a failing test reaches and no passing test does. The idea is that of
 * the program spectrum (Jones, Harrold and Stasko, Visualization of Test Information to Assist Fault Localization, 2002), by imports.
 */
import type { TestFinding } from "./finding.ts";
import { type ImportGraph, reachedFrom, reachedFromAny } from "./import-graph.ts";
import { isPythonSource, isTestFile, nameOf } from "./inputs.ts";
import type { TestJudgement } from "./test-report.ts";

/** More of them say nothing. */
const MAX_SUSPECTS = 16;

/**
 * The judgement, with the suspects of each failure that passed through no module: a wrong value may come from far below.
 * @param graph null where it is not known
 * @param passing files all of whose tests pass
 */
export function withSuspects(
	judgement: TestJudgement,
	graph: ImportGraph | null,
	passing: readonly string[],
): TestJudgement {
	if (judgement.status !== "findings" || graph === null || passing.length === 0) return judgement;
	const cleared = reachedFromAny(graph, passing);
	const known = new Map<string, readonly string[]>();
	const findings = judgement.findings.map((finding): TestFinding => {
		if (finding.code !== "failed" || finding.frame !== null) return finding;
		const file = finding.testId.split("::", 1)[0] ?? finding.file;
		const suspects = known.get(file) ?? suspectsOf(file, graph, cleared);
		known.set(file, suspects);
		return suspects.length === 0 ? finding : { ...finding, suspects };
	});
	return { ...judgement, findings };
}

/** For people and for the model; null where there are none. */
export function suspectHint({ suspects = [] }: TestFinding): string | null {
	if (suspects.length === 0) return null;
	return `No passing test reaches ${suspects.join(", ")}: the fault may lie in any of them.`;
}

/** Nearest first; none where they are too many, or all of them are what the test itself imports. */
function suspectsOf(file: string, graph: ImportGraph, cleared: ReadonlySet<string>): readonly string[] {
	const own = new Set(graph.imports.get(file));
	const suspects = [...reachedFrom(graph, file)].filter((path) => !cleared.has(path) && isModule(path));
	return suspects.length > MAX_SUSPECTS || suspects.every((path) => own.has(path)) ? [] : suspects;
}

function isModule(path: string): boolean {
	return isPythonSource(path) && !isTestFile(path) && !["__init__.py", "conftest.py"].includes(nameOf(path));
}
