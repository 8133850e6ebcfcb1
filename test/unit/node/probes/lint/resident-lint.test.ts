/** The resident ruff speaks for the command line: the same findings, to the letter, after any edit; and it steps back where it cannot. */
import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { LintReport } from "../../../../../src/core/probes/report.ts";
import { openEngine } from "../../../../fixtures/probe-engine.ts";
import { venvRuff } from "../../../../fixtures/venv.ts";
import { temporaryWorkspace } from "../../../../fixtures/workspace.ts";

const never = new AbortController().signal;
const quiet = () => undefined;
const ONLY_LINT = { pytestEnabled: false, sandbox: "off" } as const;

/** A byte order mark, all line ends, other encodings, wide characters, notebooks, excluded and ignored files, two configurations. */
const AWKWARD: Readonly<Record<string, string | Buffer>> = {
	"ruff.toml": 'exclude = ["excluded"]\n[lint]\nselect = ["E", "F", "W", "I", "B", "UP", "N", "D103", "RUF", "INP"]\n',
	"nested/ruff.toml": 'line-length = 40\n[lint]\nselect = ["E", "F"]\n',
	".gitignore": "ignored/\n",
	".git/HEAD": "ref: refs/heads/main\n",
	"plain.py": "import os\nimport sys\n\nx = 1\n",
	"bom.py": "\ufeffimport os\nx = undefined\n",
	"crlf.py": "import os\r\nx = 1 \r\n\r\n\r\n\r\ndef f():\r\n    y = 2\r\n",
	"old_mac.py": "import os\rx = 1\r",
	"wide.py": "s = '😀😀'; t = undefined_😀 if s == None else 'ä'\n",
	"latin.py": Buffer.from("# -*- coding: latin-1 -*-\nimport os\nname = '\xe9'\n", "latin1"),
	"broken.py": "def f(:\n    pass\nx = = 1\n",
	"noqa.py": "import os  # noqa: F401\nimport re  # noqa: E501\nimport json  # noqa\n",
	"stub.pyi": "import os\ndef f() -> int: ...\n",
	"book.ipynb": JSON.stringify({
		cells: [{ cell_type: "code", execution_count: null, metadata: {}, outputs: [], source: ["import os\n"] }],
		metadata: {},
		nbformat: 4,
		nbformat_minor: 5,
	}),
	"excluded/gone.py": "import os\n",
	"ignored/gone.py": "import os\n",
	"nested/long.py": "value = 'a line that is longer than forty characters'\nimport os\n",
	"pkg/__init__.py": "",
	"pkg/mod.py": "from plain import x\nimport pkg\n\n\ndef camelCase(l=[]):\n    return l\n",
};

function awkwardWorkspace(): string {
	const root = temporaryWorkspace();
	for (const [path, text] of Object.entries(AWKWARD)) {
		mkdirSync(join(root, path, ".."), { recursive: true });
		writeFileSync(join(root, path), text);
	}
	return root;
}

const files = Object.keys(AWKWARD).filter((path) => path.endsWith(".py") || path.endsWith(".pyi"));
const line = fc.constantFrom(
	"import os",
	"import os, sys  # noqa: E401",
	"from typing import List, Optional",
	"x = undefined_name",
	"s = '😀'; t = missing; l = 1",
	"def f(a, b=[]):",
	"    return a == None",
	"def broken(:",
	"class lower: pass",
	"try:",
	"    pass",
	"except:",
	"    x = 1   ",
	"\tif True :",
	"print(f'{x!r:>{10}}')",
	"match x:",
	"type X = int",
	'"""doc',
	"# noqa",
	"assert (1, 'always true')",
	"",
	"\f",
	"\u2028x = 1",
);
const newline = fc.constantFrom("\n", "\n", "\r\n", "\r");
const edit = fc.record({
	file: fc.constantFrom(...files, "new/fresh.py", "ignored/more.py", "excluded/more.py"),
	lines: fc.array(line, { maxLength: 8 }),
	end: newline,
	bom: fc.boolean(),
	kind: fc.constantFrom("write", "write", "write", "write", "delete", "config"),
});

test("equal to the command line after 60 random edits of an awkward workspace", async () => {
	const root = awkwardWorkspace();
	const engine = openEngine(root, ONLY_LINT);
	const truth = openEngine(root, { ...ONLY_LINT, residentLint: false, lintChangedOnly: false });
	await engine.probe({ scope: "full", fresh: false }, quiet, never);
	const forms = new Set<string | null>();
	await fc.assert(
		fc.asyncProperty(edit, async ({ file, lines, end, bom, kind }) => {
			if (kind === "delete") rmSync(join(root, file), { force: true });
			else if (kind === "config") {
				writeFileSync(
					join(root, "nested/ruff.toml"),
					`line-length = ${30 + lines.length}\n[lint]\nselect = ["E", "F"]\n`,
				);
			} else {
				mkdirSync(join(root, file, ".."), { recursive: true });
				writeFileSync(join(root, file), `${bom ? "\ufeff" : ""}${lines.join(end)}${end}`);
			}
			const { ruff } = await engine.probe({ scope: "affected", fresh: false }, quiet, never);
			const expected = (await truth.probe({ scope: "full", fresh: true }, quiet, never)).ruff;
			forms.add(ruff.form);
			expect(findings(ruff)).toEqual(findings(expected));
		}),
		{ numRuns: 60 },
	);
	expect(forms).toContain("resident");
}, 120_000);

function findings(report: LintReport) {
	if (report.status === "not-run") throw new Error(report.message);
	return report.findings;
}

test("without a configuration the rules are the same, too, and a configuration that appears is obeyed at once", async () => {
	const root = temporaryWorkspace({ "a.py": "import os\nl = 1\n", "b.py": "x = 1\n" });
	const engine = openEngine(root, ONLY_LINT);
	await engine.probe({ scope: "full", fresh: false }, quiet, never);
	writeFileSync(join(root, "b.py"), "import sys\nx: int = undefined;\n");
	const { ruff } = await engine.probe({ scope: "affected", fresh: false }, quiet, never);
	expect(ruff).toMatchObject({ form: "resident", scope: "affected" });
	expect(findings(ruff).map(({ file, code }) => `${file} ${code}`)).toEqual([
		"a.py F401",
		"a.py E741",
		"b.py F401",
		"b.py F821",
		"b.py E703",
	]);
	writeFileSync(join(root, "ruff.toml"), '[lint]\nselect = ["E7"]\n');
	const configured = await engine.probe({ scope: "affected", fresh: false }, quiet, never);
	expect(findings(configured.ruff).map(({ code }) => code)).toEqual(["E741", "E703"]);
	writeFileSync(join(root, "b.py"), "import sys\nO = 1\n");
	const edited = await engine.probe({ scope: "affected", fresh: false }, quiet, never);
	expect(edited.ruff).toMatchObject({ form: "resident" });
	expect(findings(edited.ruff).map(({ code }) => code)).toEqual(["E741", "E741"]);
});

/** A ruff whose server does something else than its command line. */
function oddRuff(server: string): string {
	const path = join(
		temporaryWorkspace({ ruff: `#!/bin/sh\nif [ "$1" = server ]; then ${server}; fi\nexec ${venvRuff} "$@"\n` }),
		"ruff",
	);
	chmodSync(path, 0o755);
	return path;
}

const QUIET_SERVER = `
import json, sys
while True:
    head = sys.stdin.buffer.readline()
    if not head: break
    sys.stdin.buffer.readline()
    message = json.loads(sys.stdin.buffer.read(int(head.split(b':')[1])))
    if 'id' in message:
        body = json.dumps({'jsonrpc': '2.0', 'id': message['id'], 'result': {'kind': 'full', 'items': []}}).encode()
        sys.stdout.buffer.write(b'Content-Length: %d\\r\\n\\r\\n' % len(body) + body)
        sys.stdout.buffer.flush()
`;

test.each([
	["has no server", "exit 2", "ended by itself"],
	["answers with something that is no message", "printf 'hello\\r\\n\\r\\n'; cat > /dev/null", "no message"],
	[
		"finds something else than the command line",
		`exec python3 -c "${QUIET_SERVER.replaceAll('"', '\\"')}"`,
		"does not find",
	],
])("a ruff that %s: the command line is asked, and that is said", async (_, server, why) => {
	const root = temporaryWorkspace({ "a.py": "import os\n", "b.py": "x = 1\n" });
	const engine = openEngine(root, { ...ONLY_LINT, ruffPath: oddRuff(server), ruffTimeoutMs: 5_000 });
	await engine.probe({ scope: "full", fresh: false }, quiet, never);
	let last: LintReport | null = null;
	for (const name of ["sys", "re", "json"]) {
		writeFileSync(join(root, "b.py"), `import ${name}\n`);
		last = (await engine.probe({ scope: "affected", fresh: false }, quiet, never)).ruff;
		expect(findings(last).map(({ file }) => file)).toEqual(["a.py", "b.py"]);
	}
	expect(last).toMatchObject({ form: "command-line", why: expect.stringContaining(why) });
});

test("a syntax check takes what some Python parses, whatever the project's target is", async () => {
	const engine = openEngine(
		temporaryWorkspace({ "ruff.toml": 'target-version = "py38"\nexclude = ["a.py"]\n' }),
		ONLY_LINT,
	);
	for (const text of ["match x:\n    case 1: pass\n", "type X = int\n", "f'{'a'}'\n", "import os\n"]) {
		expect(await engine.checkSyntax("a.py", text, never)).toBeNull();
	}
	expect(await engine.checkSyntax("a.py", "s = '😀😀'; x = = 1\n", never)).toMatchObject({ line: 1, column: 17 });
});

test("where the configuration excludes all, the interpreter checks syntax", async () => {
	const engine = openEngine(temporaryWorkspace({ "ruff.toml": 'exclude = ["*"]\n' }), ONLY_LINT);
	expect(await engine.checkSyntax("a.py", "x = = 1\n", never)).toMatchObject({ line: 1, column: 5 });
	expect(await engine.checkSyntax("a.py", "x = 1\n", never)).toBeNull();
});
