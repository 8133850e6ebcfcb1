/** Which files can affect a probe's answer. Wider than needed is slow; narrower is wrong. */

/** Folders that hold no source of the project: version control, environments, caches. */
const IGNORED_FOLDERS: ReadonlySet<string> = new Set([
	".git",
	".hg",
	".svn",
	"node_modules",
	"__pycache__",
	".venv",
	".pytest_cache",
	".ruff_cache",
	".mypy_cache",
	".hypothesis",
	".tox",
	".nox",
	".ipynb_checkpoints",
	"htmlcov",
]);

/** What a repository that tests made is renamed to, before a number. */
export const SET_ASIDE_REPOSITORY = ".git-made-by-tests";

const LINT_CONFIGS: ReadonlySet<string> = new Set([
	"pyproject.toml",
	"ruff.toml",
	".ruff.toml",
	".gitignore",
	".ignore",
]);

/** Folder names that a sweep passes by, as patterns. */
export const IGNORED_PATTERNS: readonly string[] = [...IGNORED_FOLDERS, "*.egg-info"];

/** Whether a sweep passes a folder by. */
export function isIgnoredFolder(name: string): boolean {
	return IGNORED_FOLDERS.has(name) || name.endsWith(".egg-info") || name.startsWith(SET_ASIDE_REPOSITORY);
}

/** Whether a sweep passes a file by: what tools leave behind at each run. */
export function isIgnoredFile(name: string): boolean {
	const isCoverage = name === ".coverage" || name.startsWith(".coverage.");
	return name.endsWith(".pyc") || isCoverage || name.startsWith(SET_ASIDE_REPOSITORY);
}

/** Files that ruff reads as source, unless its configuration names others. */
export function isLintSource(path: string): boolean {
	return /\.(py|pyi|pyw|ipynb)$/.test(path) || nameOf(path) === "pyproject.toml";
}

/** Files that change what ruff says of others. */
export function isLintConfig(path: string): boolean {
	return LINT_CONFIGS.has(nameOf(path));
}

const TEST_CONFIGS: ReadonlySet<string> = new Set([
	"pyproject.toml",
	"pytest.toml",
	".pytest.toml",
	"pytest.ini",
	".pytest.ini",
	"tox.ini",
	"setup.cfg",
]);

/** Files that change which tests there are, or how they run. */
export function isTestConfig(path: string): boolean {
	return TEST_CONFIGS.has(nameOf(path));
}

/** Files outside of the workspace, which ruff's configuration draws in. */
export function isBeyond(path: string): boolean {
	return path.startsWith("../");
}

/** Files in which pytest looks for tests, by its defaults. */
export function isTestFile(path: string): boolean {
	return /^(test_.*|.*_test)\.py$/.test(nameOf(path));
}

/** Python text that an interpreter would load: its change during a run makes the run's answer one about neither state. */
export function isPythonSource(path: string): boolean {
	return /\.pyi?$/.test(path);
}

/** The last part of a path. */
export function nameOf(path: string): string {
	return path.slice(path.lastIndexOf("/") + 1);
}
