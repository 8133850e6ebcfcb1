/** Where a further import comes to stand. */
import { expect, test } from "vitest";
import { withImports } from "../../../../src/core/model/python-imports.ts";

const LINE = "from a import one";

test.each<[string, string, string]>([
	["before the first import", '"""Doc."""\n\nimport os\n', `"""Doc."""\n\n${LINE}\nimport os\n`],
	["at the head of a text with neither", "x = 1\n", `${LINE}\n\n\nx = 1\n`],
	["behind the docstring", '"""Doc."""\nx = 1\n', `"""Doc."""\n\n${LINE}\nx = 1\n`],
	[
		"behind a docstring with a line that reads like an import",
		'"""Doc,\nfrom here to there.\n"""\nimport os\n',
		`"""Doc,\nfrom here to there.\n"""\n${LINE}\nimport os\n`,
	],
	[
		"behind what must stand first",
		"from __future__ import annotations\n\nx = 1\n",
		`from __future__ import annotations\n\n${LINE}\n\nx = 1\n`,
	],
	[
		"between what must stand first and the first import",
		"from __future__ import annotations\n\nimport os\n",
		`from __future__ import annotations\n\n${LINE}\nimport os\n`,
	],
])("%s", (_, before, after) => {
	expect(withImports(before, [LINE])).toBe(after);
	expect(withImports(before, [])).toBe(before);
});
