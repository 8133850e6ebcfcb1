/** Q: what makes lint findings hard to get right, one file for each. */
import { allPass, type GeneratedWorkspace } from "./workspace.ts";

const encoder = new TextEncoder();
const bytes = (...parts: readonly (string | readonly number[])[]): Uint8Array =>
	Uint8Array.from(parts.flatMap((part) => (typeof part === "string" ? [...encoder.encode(part)] : [...part])));

const notebook = (sources: readonly string[]): string =>
	`${JSON.stringify(
		{
			cells: sources.map((source, index) => ({
				cell_type: "code",
				execution_count: null,
				id: `cell-${index}`,
				metadata: {},
				outputs: [],
				source: source.split(/(?<=\n)/),
			})),
			metadata: { language_info: { name: "python" } },
			nbformat: 4,
			nbformat_minor: 5,
		},
		null,
		1,
	)}\n`;

/** Files whose text the random edits may change. */
export const AWKWARD_SOURCES = [
	"awkward/bom.py",
	"awkward/crlf.py",
	"awkward/beyond.py",
	"awkward/broken.py",
	"awkward/silenced.py",
	"awkward/stubs.pyi",
	"awkward/plain.py",
	"awkward/nested/strict.py",
	"awkward/per_file.py",
	"legacy/old.py",
	"tests/test_plain.py",
] as const;

export const AWKWARD_CONFIGS = ["pyproject.toml", "awkward/nested/ruff.toml"] as const;

export function generateAwkward(): GeneratedWorkspace {
	return {
		id: "Q",
		what: "BOM, CRLF, latin-1, text beyond the BMP, syntax error, noqa, .pyi, notebook, gitignored folder, nested ruff.toml, exclude",
		files: new Map<string, string | Uint8Array>([
			[
				"pyproject.toml",
				`[tool.pytest.ini_options]
pythonpath = ["."]

[tool.ruff]
line-length = 100
extend-exclude = ["legacy"]

[tool.ruff.lint]
select = ["E", "F", "W", "I", "B", "UP"]

[tool.ruff.lint.per-file-ignores]
"awkward/per_file.py" = ["F401"]
`,
			],
			[".gitignore", "generated/\n*.local.py\n"],
			["generated/made.py", "import os\n"],
			["awkward/secret.local.py", "import os\n"],
			["legacy/old.py", "import os, sys\nprint ( undefined_name )\n"],
			["awkward/__init__.py", ""],
			["awkward/bom.py", bytes([0xef, 0xbb, 0xbf], "import os\nimport sys\n\nVALUE = sys.maxsize\n")],
			["awkward/crlf.py", "import json\r\nimport os\r\n\r\nVALUE = os.sep \r\n"],
			["awkward/latin.py", bytes("# -*- coding: latin-1 -*-\nimport os\n\nNAME = '", [0xe9, 0xe8], "'\n")],
			["awkward/undeclared.py", bytes("import os\n\nNAME = '", [0xff, 0xfe], "'\n")],
			[
				"awkward/beyond.py",
				'import os\n\nFACES = ["\u{1F600}", "\u{1F468}\u200D\u{1F469}", undefined_face]; MORE = "\u{1F680}" + other_undefined\nNAMES = {"\u{20000}": missing_name}\n',
			],
			["awkward/broken.py", "import os\n\n\ndef broken(:\n    return 1\n"],
			[
				"awkward/silenced.py",
				"import os  # noqa: F401\nimport sys  # noqa\nimport json\n\n# ruff: noqa: E711\n\n\ndef same(value):\n    return value == None\n",
			],
			["awkward/stubs.pyi", "import os\nfrom typing import Optional\n\ndef f(x: Optional[int]) -> int: ...\n"],
			["awkward/plain.py", "def double(value, known=[]):\n    unused = 1\n    return value * 2\n"],
			["awkward/per_file.py", "import os\nimport sys\n\n\ndef f():\n    return undefined_here\n"],
			["awkward/nested/__init__.py", ""],
			["awkward/nested/ruff.toml", 'line-length = 40\n\n[lint]\nselect = ["E501", "F841", "D100"]\n'],
			[
				"awkward/nested/strict.py",
				"import os\n\n\ndef long_name_of_a_function(first, second):\n    unused = first + second\n",
			],
			["awkward/notes.ipynb", notebook(["import os\n", "print(undefined_cell)\nx = 1\n"])],
			["awkward/empty.py", ""],
			["awkward/no_newline.py", "import os"],
			["awkward/form_feed.py", "import os\n\f\nVALUE = undefined_after_feed\n"],
			["awkward/spaced name.py", "import os\n"],
			[
				"tests/test_plain.py",
				"from awkward.plain import double\n\n\ndef test_double():\n    assert double(2) == 4\n\n\ndef test_double_of_none():\n    assert double(0) == 0\n",
			],
		]),
		counts: allPass(2),
	};
}
