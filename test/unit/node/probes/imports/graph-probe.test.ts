/** The import graph that stands after an edit is the one that ruff would tell; where it must, ruff is asked. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { DEFAULT_PROBE_SETTINGS } from "../../../../../src/core/probes/engine-messages.ts";
import { createMirror } from "../../../../../src/node/probes/content/mirror.ts";
import {
	createGraphProbe,
	type GraphAnswer,
	type GraphProbe,
} from "../../../../../src/node/probes/imports/graph-probe.ts";
import { createProcessRunner } from "../../../../../src/node/probes/processes/process-runner.ts";
import { createSandbox } from "../../../../../src/node/probes/sandbox/sandbox.ts";
import type { Toolchain } from "../../../../../src/node/probes/tools/interpreter.ts";
import { workerPath } from "../../../../fixtures/probe-engine.ts";
import { venvRuff } from "../../../../fixtures/venv.ts";
import { temporaryWorkspace } from "../../../../fixtures/workspace.ts";

const never = new AbortController().signal;
const TOOLCHAIN: Toolchain = {
	passedOver: [],
	python: null,
	ruff: { command: venvRuff, args: [], version: "0", fingerprint: "ruff" },
};
const FILES = {
	"shop/__init__.py": "",
	"shop/base.py": "RATE = 2\n",
	"shop/prices.py": "from shop import (\n    base,\n)\n\n\ndef price():\n    return base.RATE\n",
	"shop/late.py": "def late(name):\n    import importlib\n\n    return importlib.import_module('shop.base')\n",
	"test_shop.py": "from shop import prices\n\n\ndef test_price():\n    assert prices.price() == 2\n",
};

interface Opened {
	readonly graphs: GraphProbe;
	/** How often ruff was asked. */
	readonly asked: () => number;
	/** What it was asked about last. */
	readonly askedAbout: () => readonly string[];
	readonly graphOf: () => Promise<GraphAnswer>;
}

function open(root: string): Opened {
	const plain = createProcessRunner();
	let count = 0;
	let about: readonly string[] = [];
	const runner: typeof plain = {
		...plain,
		run(request, signal) {
			count += 1;
			about = request.args.slice(request.args.indexOf("respect-gitignore = false") + 1);
			return plain.run(request, signal);
		},
	};
	const settings = { ...DEFAULT_PROBE_SETTINGS, sandbox: "off" } as const;
	const sandbox = createSandbox({ settings, root, workerPath, runner, probeEnv: {} });
	const mirror = createMirror(root);
	const graphs = createGraphProbe({ root, settings, runner, sandbox, probeEnv: {} }, () => []);
	return {
		graphs,
		asked: () => count,
		askedAbout: () => about,
		graphOf: () => graphs.graphOf(mirror.look(), TOOLCHAIN, never),
	};
}

/** As fresh eyes see it. */
async function truth(root: string): Promise<string> {
	return words(await open(root).graphOf());
}

function words(answer: GraphAnswer): string {
	if (answer.kind === "unknown") return answer.why;
	const { imports, opaque } = answer.graph;
	return JSON.stringify([
		[...imports].map(([file, targets]) => [file, [...targets].sort()]).sort(),
		[...opaque].sort(),
	]);
}

test("an edit that imports nothing else does not ask ruff; one that does, or a file that comes, does", async () => {
	const root = temporaryWorkspace(FILES);
	const { graphOf, asked } = open(root);
	await graphOf();
	await marked();
	writeFileSync(join(root, "shop/base.py"), "RATE = 3\n\n\ndef more():\n    return RATE\n");
	expect(words(await graphOf())).toBe(await truth(root));
	expect(asked()).toBe(1);
	writeFileSync(join(root, "shop/base.py"), "import json\n\nRATE = 3\n");
	await graphOf();
	expect(asked()).toBe(2);
	writeFileSync(join(root, "shop/prices.py"), "from shop import (\n    late,\n)\n");
	expect(words(await graphOf())).toBe(await truth(root));
	expect(asked()).toBe(3);
	writeFileSync(join(root, "shop/more.py"), "");
	expect(words(await graphOf())).toBe(await truth(root));
	rmSync(join(root, "shop/more.py"));
	expect(words(await graphOf())).toBe(await truth(root));
	expect(asked()).toBe(5);
});

test("a text that does not parse has no imports to compare with: ruff is asked when it is mended", async () => {
	const root = temporaryWorkspace({ ...FILES, "shop/base.py": "def broken(:\nimport shop.late\n" });
	const { graphOf, asked } = open(root);
	await graphOf();
	await marked();
	writeFileSync(join(root, "shop/base.py"), "def broken():\n    pass\nimport shop.late\n");
	expect(words(await graphOf())).toBe(await truth(root));
	expect(asked()).toBe(2);
});

test("files that import otherwise are asked about alone, unless one came or went beside them", async () => {
	const root = temporaryWorkspace({ ...FILES, "-odd.py": "" });
	const { graphOf, askedAbout } = open(root);
	await graphOf();
	expect(askedAbout()).toEqual(["."]);
	await marked();
	writeFileSync(join(root, "shop/base.py"), "from shop import late\n");
	writeFileSync(join(root, "-odd.py"), "import shop.prices\n");
	expect(words(await graphOf())).toBe(await truth(root));
	expect(askedAbout()).toEqual(["--", "-odd.py", "shop/base.py"]);
	await marked();
	writeFileSync(join(root, "shop/base.py"), "import os\n");
	rmSync(join(root, "shop/late.py"));
	expect(words(await graphOf())).toBe(await truth(root));
	expect(askedAbout()).toEqual(["."]);
});

test("one that does not parse any more keeps its imports, and is asked about alone when it is mended", async () => {
	const root = temporaryWorkspace(FILES);
	const { graphOf, askedAbout } = open(root);
	const before = words(await graphOf());
	await marked();
	writeFileSync(join(root, "shop/prices.py"), "from shop import (\n");
	expect(words(await graphOf())).toBe(before);
	await marked();
	writeFileSync(join(root, "shop/prices.py"), "from shop import late\n");
	expect(words(await graphOf())).toBe(await truth(root));
	expect(askedAbout()).toEqual(["--", "shop/prices.py"]);
});

test("an edit whose strings name no module does not ask ruff", async () => {
	const root = temporaryWorkspace(FILES);
	const { graphOf, asked } = open(root);
	await graphOf();
	await marked();
	writeFileSync(join(root, "shop/base.py"), "RATE = 3\nMARK = 'base'\nWORDS = f'{RATE} of it. Always.'\n");
	expect(words(await graphOf())).toBe(await truth(root));
	expect(asked()).toBe(1);
	writeFileSync(join(root, "shop/base.py"), "RATE = 3\nMARK = 'shop.late'\n");
	expect(words(await graphOf())).toBe(await truth(root));
	expect(asked()).toBe(2);
});

test("a file that changed before its text was read is asked about", async () => {
	const root = temporaryWorkspace(FILES);
	const { graphOf, asked } = open(root);
	await graphOf();
	writeFileSync(join(root, "shop/base.py"), "RATE = 3\n");
	await graphOf();
	expect(asked()).toBe(2);
});

test("after whatever edits, the graph is the one that ruff tells", async () => {
	const line = fc.constantFrom(
		"import shop.base",
		"from shop import (",
		"    late,",
		"    base,  # )",
		")",
		"from . \\",
		"    import late",
		"def f(a):",
		"    from shop import late",
		"    return a",
		"x = 1",
		"x = (",
		"NAME = 'shop.late'",
		"NAME = 'shop' \\",
		"    '.late'",
		"'shop'",
		"'shop'  # it",
		"    r'.base'",
		"y = 'sh' 'op.late'",
		"z = 'shop'",
		"",
		"'''",
		'"""shop.late"""',
		"# it's",
		"shop.late",
		"x = 1; import shop.late",
	);
	const texts = fc.array(fc.array(line, { maxLength: 7 }), { minLength: 1, maxLength: 4 });
	await fc.assert(
		fc.asyncProperty(texts, async (edits) => {
			const root = temporaryWorkspace(FILES);
			const { graphOf } = open(root);
			await graphOf();
			for (const lines of edits) {
				await marked();
				writeFileSync(join(root, "shop/prices.py"), `${lines.join("\n")}\n# ${Math.random()}\n`);
				const now = await graphOf();
				const fresh = await open(root).graphOf();
				if (now.kind === "unknown" || fresh.kind === "unknown") throw new Error("There is no graph.");
				// What cannot be parsed keeps the imports that it had, and so may have more.
				for (const [file, targets] of fresh.graph.imports) {
					expect(now.graph.imports.get(file)).toEqual(expect.arrayContaining([...targets]));
				}
			}
		}),
		{ numRuns: 25 },
	);
});

/** Files are read in the background, a few a turn. */
async function marked(): Promise<void> {
	for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
