/** Test files of the layered workspaces: values, filler functions, fixtures of two conftest.py, packages' names, data files. */
import { expectedStep, expectedValue, type LayeredModule, type LayeredTest } from "./layered-modules.ts";

/** Every third test file reads a data file of its own. */
const DATA_EVERY = 3;

export interface TestFile {
	readonly text: string;
	readonly cases: { readonly path: string; readonly text: string } | null;
}

/** Ten tests. */
export function layeredTestFile(
	test: LayeredTest & { readonly index: number; readonly packageName: string },
): TestFile {
	const { index, area, imports, packageName } = test;
	const [top, beside] = imports;
	if (top === undefined || beside === undefined) throw new Error("A test file imports two modules.");
	const withData = index % DATA_EVERY === 0;
	const bodies = [
		...[1, 7].map((n) => assertion(`top.value(${n})`, expectedValue(top, n))),
		assertion("beside.value(3)", expectedValue(beside, 3)),
		...top.steps.slice(0, 3).map((step, at) => assertion(`top.step_${at}(${index})`, expectedStep(step, index))),
		...beside.steps.slice(0, 1).map((step) => assertion(`beside.step_0(${index})`, expectedStep(step, index))),
		withData
			? `def test_NN():\n    case = json.loads(CASES.read_text())\n    assert top.value(case["n"]) == case["expected"]\n`
			: assertion("top.value(11)", expectedValue(top, 11)),
		index % 2 === 0
			? assertion("top.value(scale)", expectedValue(top, packageName.length), "scale")
			: assertion("beside.value(offset)", expectedValue(beside, 100 + area), "offset"),
		assertion(
			`${packageName}.layer_${index % 2}.NAME, ${packageName}.NAME`,
			`("layer_${index % 2}", "${packageName}")`,
		).replace(/assert (.*) == /, "assert ($1) == "),
	];
	const cases = `tests/area_${area}/cases/case_${String(index).padStart(3, "0")}.json`;
	const head = [
		...(withData ? ["import json", "from pathlib import Path", ""] : []),
		`import ${packageName}.layer_${index % 2}`,
		...[importLine(packageName, top, "top"), importLine(packageName, beside, "beside")],
		...(withData ? ["", `CASES = Path(__file__).parent / "cases" / "${cases.split("/").at(-1)}"`] : []),
	];
	return {
		text: `${head.join("\n")}\n\n\n${bodies.map((body, at) => body.replace("NN", `${at}`)).join("\n\n")}`,
		cases: withData
			? { path: cases, text: `${JSON.stringify({ n: index + 5, expected: expectedValue(top, index + 5) })}\n` }
			: null,
	};
}

function importLine(packageName: string, { layer, name }: LayeredModule, as: string): string {
	return `from ${packageName}.layer_${layer} import ${name} as ${as}`;
}

function assertion(left: string, right: number | string, fixture = ""): string {
	return `def test_NN(${fixture}):\n    assert ${left} == ${right}\n`;
}
