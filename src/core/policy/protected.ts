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
	"gnumakefile",
	"justfile",
	"noxfile.py",
	"pytest.toml",
	".pytest.toml",
	".pytest.ini",
	".coveragerc",
	".gitlab-ci.yml",
	".pypirc",
	".cursorrules",
	"yarn.lock",
	"pnpm-lock.yaml",
	// It makes a repository of any folder, whose settings git obeys there (gitrepository-layout(5)).
	"head",
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
/** @param path normalised, relative, forward slashes; compared without regard to case */
export function protectionOf(path: string): Protection {
	const parts = path.normalize("NFKC").toLowerCase().split("/");
	const name = parts.at(-1) ?? "";
	const folders = parts.slice(0, -1);
	if (parts.some((part) => NEVER_FOLDERS.has(part)) || name === ".git") return "never";
	if (folders.some((folder) => ASK_FOLDERS.has(folder))) return "ask";
	const asked = ASK_NAMES.has(name) || name.startsWith(".env.") || ASK_ENDINGS.some((ending) => name.endsWith(ending));
	return asked ? "ask" : "none";
}

const SECRET_NAMES = new Set([
	".env",
	".npmrc",
	".netrc",
	"_netrc",
	".pypirc",
	".git-credentials",
	"id_rsa",
	"id_ed25519",
]);
const SECRET_ENDINGS = [".pem", ".key", ".pfx", ".p12"];
/** Examples of an .env are made to be read. */
const EXAMPLE = /\.(example|sample|template|dist)$/;

/** Whether a file's text may hold credentials, so that no model is sent it (threats A15); `.git` keeps remotes with their tokens. */
export function isSecret(path: string): boolean {
	const parts = path.normalize("NFKC").toLowerCase().split("/");
	const name = parts.at(-1) ?? "";
	if (parts.includes(".git") || SECRET_NAMES.has(name)) return true;
	return (name.startsWith(".env.") && !EXAMPLE.test(name)) || SECRET_ENDINGS.some((ending) => name.endsWith(ending));
}
