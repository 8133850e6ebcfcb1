/** Which modules a wrong value may come from: those that only failing tests reach. */
import { expect, test } from "vitest";
import type { ImportGraph } from "../../../../src/core/probes/import-graph.ts";
import { suspectHint, withSuspects } from "../../../../src/core/probes/suspects.ts";
import type { TestJudgement } from "../../../../src/core/probes/test-report.ts";
import { failingTest } from "../../../fakes/reports.ts";

const GRAPH: ImportGraph = {
	imports: new Map([
		["tests/test_ship.py", ["ship.py", "tests/conftest.py"]],
		["tests/test_mast.py", ["mast.py", "tests/conftest.py"]],
		["tests/conftest.py", []],
		["ship.py", ["mast.py", "net.py"]],
		["mast.py", ["units.py"]],
		["net.py", ["units.py", "rope/__init__.py", "rope/knot.py"]],
		["rope/__init__.py", []],
		["rope/knot.py", []],
		["units.py", []],
	]),
	opaque: new Set(),
};
const COUNTS = { passed: 1, failed: 1, skipped: 0, errors: 0 };
const FRAME = { file: "net.py", line: 2, column: 1, functionName: "weight", source: "return 1" };
const failing = failingTest("tests/test_ship.py::test_weight[20]", "assert 1 == 2");

function suspectsOf(
	changes: Partial<typeof failing>,
	graph: ImportGraph | null = GRAPH,
	passing: readonly string[] = ["tests/test_mast.py"],
): readonly string[] | undefined {
	const judgement: TestJudgement = { status: "findings", findings: [{ ...failing, ...changes }], counts: COUNTS };
	const told = withSuspects(judgement, graph, passing);
	return told.status === "findings" ? told.findings[0]?.suspects : undefined;
}

test("are what the failing test reaches and no passing one does, nearest first", () => {
	expect(suspectsOf({})).toEqual(["ship.py", "net.py", "rope/knot.py"]);
});

test.each([
	["the failure passed through a module", suspectsOf({ frame: FRAME })],
	["the test did not get as far as its own code", suspectsOf({ code: "error" })],
	["the imports are not known", suspectsOf({}, null)],
	["no test passes", suspectsOf({}, GRAPH, [])],
	[
		"the test imports all of them itself",
		suspectsOf({}, { ...GRAPH, imports: new Map([...GRAPH.imports, ["ship.py", ["mast.py"]]]) }),
	],
	[
		"they are too many",
		suspectsOf(
			{},
			{
				...GRAPH,
				imports: new Map([...GRAPH.imports, ["ship.py", Array.from({ length: 20 }, (_, at) => `part_${at}.py`)]]),
			},
		),
	],
])("are none where %s", (_, suspects) => {
	expect(suspects).toBeUndefined();
});

test("are told by their names", () => {
	expect(suspectHint({ ...failing, suspects: ["ship.py", "net.py"] })).toBe(
		"No passing test reaches ship.py, net.py: the fault may lie in any of them.",
	);
	expect(suspectHint(failing)).toBeNull();
});
