/** Generated Python projects: the same bytes for the same size, so that two machines measure the same thing. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const TESTS_PER_MODULE = 10;

/** Writes a clean project of so many passing tests, ten for each module. */
export function writeWorkspace(root: string, tests: number): void {
	mkdirSync(join(root, "parts"), { recursive: true });
	mkdirSync(join(root, "tests"), { recursive: true });
	writeFileSync(join(root, "pyproject.toml"), '[tool.pytest.ini_options]\npythonpath = ["."]\n');
	writeFileSync(join(root, "parts", "__init__.py"), "");
	for (let module = 0; module < tests / TESTS_PER_MODULE; module += 1) {
		const name = `part_${String(module).padStart(3, "0")}`;
		const indices = Array.from({ length: TESTS_PER_MODULE }, (_, index) => index);
		const functions = indices.map((index) => `def add_${index}(value):\n    return value + ${module + index}\n`);
		const cases = indices.map(
			(index) => `def test_add_${index}():\n    assert ${name}.add_${index}(1) == ${module + index + 1}\n`,
		);
		writeFileSync(join(root, "parts", `${name}.py`), functions.join("\n\n"));
		writeFileSync(join(root, "tests", `test_${name}.py`), `from parts import ${name}\n\n\n${cases.join("\n\n")}`);
	}
}
