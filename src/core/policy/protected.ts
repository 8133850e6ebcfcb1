/** Files that run or decide by themselves: what is never touched, and what only a person may allow (threats.md section 3). Fails closed. */

export type Protection = "none" | "ask" | "never";

/** Names anywhere in the workspace. */
const ASK_NAMES = new Set([
	"conftest.py",
	"pytest.ini",
	"pyproject.toml",
	"setup.cfg",
	"tox.ini",
	"setup.py",
	"sitecustomize.py",
	"usercustomize.py",
	"ruff.toml",
	".ruff.toml",
	".pre-commit-config.yaml",
	"makefile",
	".envrc",
	".env",
	"package.json",
	"package-lock.json",
	".gitattributes",
	".gitmodules",
	".npmrc",
	".netrc",
	"agents.md",
	"claude.md",
	".gitignore",
	"uv.lock",
	"poetry.lock",
	"pdm.lock",
	"pipfile",
	"pipfile.lock",
]);
const ASK_ENDINGS = [".pth", ".code-workspace", ".pem", ".key"];
/** Folders all of whose files are asked. */
const ASK_FOLDERS = new Set([
	".vscode",
	".devcontainer",
	".github",
	".cursor",
	".claude",
	".roo",
	".idea",
	"node_modules",
]);
const NEVER_FOLDERS = new Set([".git", ".hg", ".svn", ".venv", "venv", "site-packages"]);
/** Top-level modules that would stand before the real ones on the import path (threats A21). */
const SHADOWING = new Set([
	"pytest",
	"_pytest",
	"pluggy",
	"ruff",
	"json",
	"os",
	"sys",
	"re",
	"io",
	"ast",
	"abc",
	"site",
	"types",
	"typing",
	"enum",
	"string",
	"random",
	"socket",
	"subprocess",
	"threading",
	"logging",
	"unittest",
	"pathlib",
	"importlib",
	"collections",
	"functools",
	"inspect",
	"warnings",
	"traceback",
	"codecs",
	"copy",
]);

/** @param path normalised, relative, forward slashes; compared without regard to case */
export function protectionOf(path: string): Protection {
	const parts = path.normalize("NFKC").toLowerCase().split("/");
	const name = parts.at(-1) ?? "";
	const folders = parts.slice(0, -1);
	if (parts.some((part) => NEVER_FOLDERS.has(part)) || name === ".git") return "never";
	if (folders.some((folder) => ASK_FOLDERS.has(folder))) return "ask";
	if (ASK_NAMES.has(name) || name.startsWith(".env.") || ASK_ENDINGS.some((ending) => name.endsWith(ending)))
		return "ask";
	const top = parts[0] ?? "";
	return SHADOWING.has(top.replace(/\.py$/, "")) && (parts.length > 1 || top.endsWith(".py")) ? "ask" : "none";
}
