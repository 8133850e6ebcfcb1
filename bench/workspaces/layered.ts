/**
 * M and L: modules in four layers that import downwards in every common style, test files that import the top two layers,
 * data files read by modules and by tests, fixtures in conftest.py of two levels. Expected values are computed here, so that
 * nearly every change of a value fails some test.
 */
import { type LayeredModule, type LayeredTest, MODULUS, type Step } from "./layered-modules.ts";
import { layeredTestFile } from "./layered-tests.ts";
import { createRandom, type Random } from "./random.ts";
import { allPass, type GeneratedWorkspace } from "./workspace.ts";

/** From the top layer down. */
const LAYERS = 4;
const TESTS_PER_FILE = 10;
interface LayeredPlan {
	readonly id: "M" | "L";
	readonly what: string;
	readonly packageName: string;
	/** Modules of each layer, top first. */
	readonly modules: readonly [number, number, number, number];
	readonly testFiles: number;
	readonly areas: number;
	/** Filler functions of a module, about ten lines each. */
	readonly steps: number;
	/** Test files that an edit of the hub can affect. */
	readonly hubReach: number;
	/** Layer of the typical module, and the test files that an edit of it can affect. */
	readonly typical: { readonly layer: number; readonly reach: number };
	readonly seed: number;
}

export interface LayeredWorkspace extends GeneratedWorkspace {
	readonly modules: readonly LayeredModule[];
	/** Test file -> modules that it reaches by imports. */
	readonly reach: ReadonlyMap<string, ReadonlySet<LayeredModule>>;
	/** A module that few test files reach, and one that many do. */
	readonly typical: LayeredModule;
	readonly hub: LayeredModule;
	/** Data files that modules or tests read. */
	readonly data: readonly string[];
}

const MEDIUM: LayeredPlan = {
	id: "M",
	what: "40 modules, 300 tests, src layout",
	packageName: "medium",
	modules: [24, 10, 4, 2],
	testFiles: 30,
	areas: 3,
	steps: 4,
	hubReach: 20,
	typical: { layer: 0, reach: 2 },
	seed: 40,
};

const LARGE: LayeredPlan = {
	id: "L",
	what: "600 modules, 3,000 tests, layered imports, src layout",
	packageName: "large",
	modules: [300, 200, 80, 20],
	testFiles: 300,
	areas: 10,
	steps: 11,
	hubReach: 37,
	typical: { layer: 1, reach: 2 },
	seed: 600,
};

export const generateMedium = (): LayeredWorkspace => generateLayered(MEDIUM);
export const generateLarge = (): LayeredWorkspace => generateLayered(LARGE);

function generateLayered(plan: LayeredPlan): LayeredWorkspace {
	const random = createRandom(plan.seed);
	const modules = createModules(plan, random);
	const tests = createTests(plan, modules, random);
	extendHub(plan, modules, tests);
	const reach = new Map(tests.map(({ path, imports }) => [path, reachOf(imports)]));
	const affected = (module: LayeredModule) => [...reach.values()].filter((reached) => reached.has(module)).length;
	const found = (layer: number, wanted: number, what: string): LayeredModule => {
		const module = modules.find((each) => each.layer === layer && affected(each) === wanted);
		if (module === undefined) throw new Error(`${plan.id} has no ${what} module; change its seed.`);
		return module;
	};
	const files = new Map<string, string>([
		[
			"pyproject.toml",
			`[tool.pytest.ini_options]\npythonpath = ["src"]\ntestpaths = ["tests"]\n\n[tool.ruff]\nline-length = 120\nsrc = ["src"]\n`,
		],
		[`src/${plan.packageName}/__init__.py`, `"""A generated package."""\n\nNAME = "${plan.packageName}"\n`],
		["tests/conftest.py", conftest("scale", plan.packageName.length)],
	]);
	for (let layer = 0; layer < LAYERS; layer += 1) {
		files.set(`src/${plan.packageName}/layer_${layer}/__init__.py`, `NAME = "layer_${layer}"\n`);
	}
	for (const module of modules) files.set(module.path, moduleText(plan.packageName, module));
	const data: string[] = [];
	for (const { rates, rate } of modules) {
		if (rates === null) continue;
		const path = `src/${plan.packageName}/data/rates_${rates}.json`;
		files.set(path, `${JSON.stringify({ rate })}\n`);
		data.push(path);
	}
	for (let area = 0; area < plan.areas; area += 1) {
		files.set(`tests/area_${area}/conftest.py`, conftest("offset", 100 + area));
	}
	for (const [index, test] of tests.entries()) {
		const { text, cases } = layeredTestFile({ ...test, index, packageName: plan.packageName });
		files.set(test.path, text);
		if (cases !== null) {
			files.set(cases.path, cases.text);
			data.push(cases.path);
		}
	}
	return {
		id: plan.id,
		what: plan.what,
		files,
		counts: allPass(plan.testFiles * TESTS_PER_FILE),
		modules,
		reach,
		typical: found(plan.typical.layer, plan.typical.reach, "typical"),
		hub: found(LAYERS - 1, plan.hubReach, "hub"),
		data,
	};
}

function createModules(plan: LayeredPlan, random: Random): readonly LayeredModule[] {
	const layers: LayeredModule[][] = [];
	for (let layer = LAYERS - 1; layer >= 0; layer -= 1) {
		const below = layers[0] ?? [];
		const bottom = layer === LAYERS - 1;
		const made = Array.from({ length: plan.modules[layer] ?? 0 }, (_, index): LayeredModule => {
			const name = `module_${String(index).padStart(3, "0")}`;
			return {
				layer,
				name,
				dotted: `${plan.packageName}.layer_${layer}.${name}`,
				path: `src/${plan.packageName}/layer_${layer}/${name}.py`,
				// One in five stands alone, so that no module is beneath everything.
				lower: bottom || random.below(5) === 0 ? [] : [random.pick(below)],
				factor: 2 + random.below(90),
				constant: 1 + random.below(900),
				rates: bottom ? index : null,
				rate: bottom ? 1 + random.below(50) : 0,
				steps: Array.from({ length: plan.steps }, () => ({
					addend: 1 + random.below(50),
					limit: 5 + random.below(40),
					scale: 2 + random.below(7),
				})),
			};
		});
		layers.unshift(made);
	}
	return layers.flat();
}

/** Every module of the top layer has a test file; the others of a second-layer module each, that one test file imports too. */
function createTests(plan: LayeredPlan, modules: readonly LayeredModule[], random: Random): readonly LayeredTest[] {
	const top = modules.filter(({ layer }) => layer === 0);
	const second = modules.filter(({ layer }) => layer === 1);
	const chosen = random.shuffle(second);
	return Array.from({ length: plan.testFiles }, (_, index) => {
		const area = index % plan.areas;
		const first = top[index % top.length];
		const beside = chosen[index % chosen.length];
		if (first === undefined || beside === undefined) throw new Error("A layer is empty.");
		return {
			path: `tests/area_${area}/test_${String(index).padStart(3, "0")}.py`,
			area,
			imports: [first, beside],
		};
	});
}

/** Lets top modules import the hub (the last module) until as many test files reach it as the plan wants. */
function extendHub(plan: LayeredPlan, modules: readonly LayeredModule[], tests: readonly LayeredTest[]): void {
	const hub = modules.at(-1);
	if (hub === undefined) throw new Error("There are no modules.");
	for (const { imports } of tests) {
		const reached = tests.filter((test) => reachOf(test.imports).has(hub)).length;
		if (reached >= plan.hubReach) return;
		const [top] = imports;
		const solitary = tests.filter((test) => top !== undefined && test.imports.includes(top)).length === 1;
		if (solitary && top !== undefined && !reachOf(imports).has(hub)) top.lower.push(hub);
	}
}

function reachOf(imports: readonly LayeredModule[]): ReadonlySet<LayeredModule> {
	const reached = new Set<LayeredModule>();
	const visit = (module: LayeredModule): void => {
		reached.add(module);
		for (const lower of module.lower) visit(lower);
	};
	for (const module of imports) visit(module);
	return reached;
}

function conftest(fixture: string, value: number): string {
	return `import pytest\n\n\n@pytest.fixture\ndef ${fixture}():\n    return ${value}\n`;
}

function moduleText(packageName: string, module: LayeredModule): string {
	const lowers = module.lower.map((lower, index) => importOf(packageName, module, lower, index));
	const sum = lowers.map(({ name }) => ` + ${name}.value(n)`).join("");
	const rate = module.rates === null ? "" : " + RATE";
	const standard = [
		...(lowers.some(({ standard }) => standard) ? ["import importlib"] : []),
		...(module.rates === null ? [] : ["import json", "from pathlib import Path"]),
	];
	const blocks = [
		`"""Module ${module.name} of layer ${module.layer}."""`,
		...importBlocks(
			standard,
			lowers.map(({ above }) => above),
		),
		[
			...lowers.map(({ bound }) => bound).filter((line) => line !== ""),
			`FACTOR = ${module.factor}`,
			`CONSTANT = ${module.constant}`,
			...(module.rates === null
				? []
				: [
						`RATE = json.loads((Path(__file__).parent.parent / "data" / "rates_${module.rates}.json").read_text())["rate"]`,
					]),
		].join("\n"),
	].filter((block) => block !== "");
	const inside = lowers.map(({ inside }) => inside).join("");
	const value = `def value(n):\n    """The module's own part and that of the modules below."""\n${inside}    return (n * FACTOR + CONSTANT${rate}${sum}) % ${MODULUS}\n`;
	return `${blocks.join("\n\n")}\n\n\n${[value, ...module.steps.map(stepText)].join("\n\n")}`;
}

/** In isort's order, so that the project is clean: standard library, own modules (`import` first), relative ones. */
function importBlocks(standard: readonly string[], own: readonly string[]): readonly string[] {
	const starting = (...starts: readonly string[]) =>
		own.filter((line) => starts.some((start) => line.startsWith(start))).sort();
	const absolute = [...starting("import "), ...starting("from ").filter((line) => !line.startsWith("from ."))];
	return [standard, absolute, starting("from .")].map((lines) => lines.join("\n"));
}

function stepText({ addend, limit, scale }: Step, index: number): string {
	return `def step_${index}(n):
    """Step ${index}: adds ${addend}, then scales what is beyond ${limit}."""
    total = n + ${addend}
    if total > ${limit}:
        return total * ${scale} - ${limit}
    return total + ${scale}
`;
}

interface ImportText {
	/** Name of the module in the text. */
	readonly name: string;
	/** Line at the top; a name bound below the imports; line inside the function. Empty where not used. */
	readonly above: string;
	readonly bound: string;
	readonly inside: string;
	/** Whether importlib is needed. */
	readonly standard: boolean;
}

/** The styles take turns; one module in some twenty is found by its name in a string. */
function importOf(
	packageName: string,
	from: LayeredModule,
	{ layer, name, dotted }: LayeredModule,
	index: number,
): ImportText {
	const style = (from.constant + index) % 20;
	const local = `lower_${index}`;
	const plain = { name: local, above: "", bound: "", inside: "", standard: false };
	const parent = `${packageName}.layer_${layer}`;
	if (style === 0) return { ...plain, bound: `${local} = importlib.import_module("${dotted}")`, standard: true };
	if (style % 4 === 0) return { ...plain, inside: `    from ${parent} import ${name} as ${local}\n\n` };
	if (style % 4 === 1) return { ...plain, above: `from ${parent} import ${name} as ${local}` };
	if (style % 4 === 2) return { ...plain, above: `import ${dotted} as ${local}` };
	return { ...plain, above: `from ..layer_${layer} import ${name} as ${local}` };
}
