/** Words for a test that cannot import the project's own code: where it lies and why pytest does not find it, or which import goes round. */
import type { TestFinding } from "./finding.ts";
import type { TestJudgement } from "./test-report.ts";

const MISSING = /ModuleNotFoundError: No module named '([A-Za-z_]\w*)'/;
/** Python's words where two modules import each other and the second needs a name of the first before that has it. */
const CIRCULAR = /cannot import name '(\w+)' from partially initialized module '([\w.]+)'/;
const IMPORT = /^(?:from|import)\s/;
/** Deeper than this lies no root module that a project would put on the path. */
const MAX_DEPTH = 2;
const INSTALLABLE = ["pyproject.toml", "setup.py", "setup.cfg"] as const;

/** The judgement, with a hint on each finding that says so of the project's own modules. @param files workspace-relative */
export function withImportHints(judgement: TestJudgement, files: Iterable<string>): TestJudgement {
	if (judgement.status !== "findings") return judgement;
	const missing = judgement.findings.map(missingModule);
	const hints = new Map<string, string | null>();
	if (missing.some((name) => name !== null)) {
		const paths = [...files];
		for (const name of missing) if (name !== null && !hints.has(name)) hints.set(name, hintOf(name, paths));
	}
	const findings = judgement.findings.map((finding, index): TestFinding => {
		const hint = hints.get(missing[index] ?? "") ?? circularHint(finding);
		return hint === null ? finding : { ...finding, hint };
	});
	return { ...judgement, findings };
}

/** The frame is the line that asks for the name too early. */
function circularHint({ message, frame }: TestFinding): string | null {
	const [, name, module] = CIRCULAR.exec(message) ?? [];
	const line = frame?.source.trim() ?? "";
	if (frame === null || name === undefined || !IMPORT.test(line)) return null;
	return `${frame.file} and ${module} import each other: move the line "${line}" of ${frame.file} from the top of the file into the function that uses ${name}.`;
}

function missingModule({ message }: TestFinding): string | null {
	return MISSING.exec(message)?.[1] ?? null;
}

function hintOf(name: string, paths: readonly string[]): string | null {
	const [folder] = foldersOf(name, paths);
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
