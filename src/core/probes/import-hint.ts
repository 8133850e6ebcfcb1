/** Words for a test that cannot import the project's own code: what there is instead, why pytest does not find it, which import goes round. */
import { assignedNames, outlineOf, topLevel } from "../model/python-definitions.ts";
import { circularImport } from "./circular-import.ts";
import type { TestFinding } from "./finding.ts";
import type { TestJudgement } from "./test-report.ts";

const MISSING = /ModuleNotFoundError: No module named '([A-Za-z_]\w*)'/;
/** A package was found, and its part was not. */
const MISSING_PART = /ModuleNotFoundError: No module named '([A-Za-z_]\w*(?:\.\w+){0,9})\.(\w+)'/;
const UNDEFINED = /cannot import name '(\w+)' from '([\w.]+)' \(/;
/** Deeper than this lies no root module that a project would put on the path. */
const MAX_DEPTH = 2;
/** Names that a hint lists. */
const MAX_NAMES = 12;
const INSTALLABLE = ["pyproject.toml", "setup.py", "setup.cfg"] as const;

/** The text of a file of the workspace; null where it is none. */
export type ReadText = (file: string) => string | null;

/**
 * The judgement, with a hint on each finding that says so of the project's own modules.
 * @param files workspace-relative
 */
export function withImportHints(judgement: TestJudgement, files: Iterable<string>, read: ReadText): TestJudgement {
	if (judgement.status !== "findings") return judgement;
	if (!judgement.findings.some(({ message }) => /No module named|cannot import name/.test(message))) return judgement;
	const paths = [...files];
	const hints = new Map<string, string | null>();
	const findings = judgement.findings.map((finding): TestFinding => {
		const { message } = finding;
		// One cause fails many files, and a module is read for its names.
		if (!hints.has(message))
			hints.set(message, rootHint(message, paths) ?? partHint(message, paths) ?? nameHint(message, paths, read));
		const hint = hints.get(message) ?? circularHint(finding);
		return hint === null ? finding : { ...finding, hint };
	});
	return { ...judgement, findings };
}

function circularHint(finding: TestFinding): string | null {
	const found = circularImport(finding);
	if (found === null) return null;
	const { file, line, name, module } = found;
	return `${file} and ${module} import each other: move the line "${line}" of ${file} from the top of the file into the function that uses ${name}.`;
}

function nameHint(message: string, paths: readonly string[], read: ReadText): string | null {
	const [, name = "", module = ""] = UNDEFINED.exec(message) ?? [];
	const file = fileOf(module, paths);
	const text = file === null ? null : read(file);
	if (file === null || text === null) return null;
	const outline = outlineOf(text);
	const defined = [...topLevel(outline).map((definition) => definition.name), ...assignedNames(outline)];
	return defined.length === 0 || defined.includes(name)
		? null
		: `${file} defines ${listed(defined)} and no ${name}: import what is meant, or define ${name} there.`;
}

function partHint(message: string, paths: readonly string[]): string | null {
	const [, parent = "", part = ""] = MISSING_PART.exec(message) ?? [];
	const base = parent.split(".").join("/");
	const folder = [base, `src/${base}`].find((one) => paths.some((path) => path.startsWith(`${one}/`)));
	if (parent === "" || folder === undefined) return null;
	const modules = paths.flatMap((path) => {
		const [, name = ""] = /^(\w+)(?:\.py|\/__init__\.py)$/.exec(path.slice(folder.length + 1)) ?? [];
		return path.startsWith(`${folder}/`) && name !== "" && name !== "__init__" ? [name] : [];
	});
	return modules.length === 0 ? null : `${parent} has no module ${part}; it has ${listed(modules)}.`;
}

function listed(names: readonly string[]): string {
	const more = names.length > MAX_NAMES ? ", ..." : "";
	return [...new Set(names)].slice(0, MAX_NAMES).join(", ") + more;
}

/** Where a module or package lies, from the root or from a source root. */
function fileOf(module: string, paths: readonly string[]): string | null {
	const base = module.split(".").join("/");
	const ends = [`${base}.py`, `${base}/__init__.py`];
	return paths.find((path) => ends.some((end) => path === end || path === `src/${end}`)) ?? null;
}

function rootHint(message: string, paths: readonly string[]): string | null {
	const [, name] = MISSING.exec(message) ?? [];
	const [folder] = name === undefined ? [] : foldersOf(name, paths);
	if (folder === undefined) return null;
	const place = folder === "" ? "the workspace's own folder" : `the folder ${folder}`;
	const path = folder === "" ? "." : folder;
	const isInstallable = INSTALLABLE.some((file) => paths.includes(file));
	const install = isInstallable ? "install the project into its environment (python -m pip install -e .), or " : "";
	return `${name} is the project's own and lies in ${place}, which is not on Python's path when pytest runs: ${install}set pythonpath = ["${path}"] in pytest's configuration.`;
}

/** Folders in which a module or package of that name lies, the nearest to the root first. */
function foldersOf(name: string, paths: readonly string[]): readonly string[] {
	const folders = new Set<string>();
	for (const path of paths) {
		if (!path.endsWith(".py")) continue;
		const parts = path.split("/");
		const depth = parts.findIndex((part, index) =>
			index === parts.length - 1 ? part === `${name}.py` : part === name,
		);
		if (depth >= 0 && depth <= MAX_DEPTH) folders.add(parts.slice(0, depth).join("/"));
	}
	return [...folders].sort((a, b) => a.split("/").length - b.split("/").length || (a < b ? -1 : 1));
}
