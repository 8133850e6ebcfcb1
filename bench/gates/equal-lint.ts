/** Gate: after every random edit of the awkward workspace the engine's lint findings are those of the ruff command line. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import type { WorkspaceReport } from "../../src/core/probes/report.ts";
import { type BenchContext, workspaceFor } from "../context.ts";
import type { Environment } from "../environments.ts";
import type { Result } from "../measure.ts";
import { runPlain } from "../plain-tools.ts";
import { AWKWARD_CONFIGS, AWKWARD_SOURCES, generateAwkward } from "../workspaces/awkward.ts";
import { createRandom, type Random } from "../workspaces/random.ts";

const SEED = 148;
/** Put into sources at random places: findings, silencers, broken syntax, characters of one to four bytes. */
const SNIPPETS = [
	"import os, re\n",
	"x = undefined_thing\n",
	"# noqa\n",
	"value = 1  # noqa: F841\n",
	"s = '\u{1F600}\u{1F600}'; t = missing\n",
	"s = '\u00e9\u00fc'; t = missing\n",
	"def f(:\n",
	"    \n",
	"\t\n",
	"if True:\n    y = 1; z = 2\n",
	"from typing import List\n\n\ndef g(a: List[int] = []):\n    return a == None\n",
	"# ruff: noqa\n",
	`${"long_".repeat(30)} = 1\n`,
	"\r\n",
	'"""',
] as const;
const CONFIG_LINES = [
	"line-length = 60",
	"line-length = 120",
	'extend-exclude = ["awkward/plain.py", "legacy"]',
] as const;

export async function equalLint(context: BenchContext): Promise<Result> {
	const root = workspaceFor(context, generateAwkward(), "lint");
	const random = createRandom(SEED);
	const engine = context.engines.open(context.plain, root, { pytestEnabled: false });
	const different: string[] = [];
	let findings = 0;
	const edits = context.amounts.lintEdits;
	await compare("as generated");
	for (let edit = 0; edit < edits; edit += 1) await compare(randomEdit(root, random));
	for (const words of different) console.error(`equal-lint: ${words}`);
	return {
		id: "equal-lint",
		what: `gate: lint findings equal to the ruff command line's after ${edits} random edits of Q (${findings} findings compared)`,
		measured: `${edits + 1 - different.length} of ${edits + 1} equal`,
		goal: "all equal",
		met: different.length === 0,
		figures: { edits, findings, different: different.length },
	};

	async function compare(what: string): Promise<void> {
		const told = toldFindings(await engine.probe("affected"));
		const plain = await plainFindings(context.plain, root);
		findings += plain.length;
		const missing = plain.filter((finding) => !told.includes(finding));
		const extra = told.filter((finding) => !plain.includes(finding));
		if (missing.length + extra.length === 0 && told.length === plain.length) return;
		const some = (list: readonly string[]) => list.slice(0, 2).join("; ");
		different.push(`after ${what}: ruff alone: ${some(missing)} | engine alone: ${some(extra)}`);
	}
}

function toldFindings({ ruff }: WorkspaceReport): readonly string[] {
	if (ruff.status === "not-run") return [`not run: ${ruff.message}`];
	return ruff.findings
		.map(({ file, line, column, endLine, endColumn, code, message }) =>
			[file, line, column, endLine, endColumn, code, message].join("|"),
		)
		.sort();
}

interface RuffItem {
	readonly filename: string;
	readonly code: string | null;
	readonly message: string;
	readonly location: { readonly row: number; readonly column: number };
	readonly end_location: { readonly row: number; readonly column: number };
}

/** What the command line finds, with columns as editors count them. */
async function plainFindings({ ruff }: Environment, root: string): Promise<readonly string[]> {
	const { stdout, stderr, code } = await runPlain(ruff, ["check", "--no-cache", "--output-format", "json", "."], root);
	if (code !== 0 && code !== 1) return [`not run: ${stderr}`];
	const items: readonly RuffItem[] = JSON.parse(stdout);
	return items
		.map(({ filename, code: rule, message, location, end_location: end }) => {
			const file = relative(root, filename).split(sep).join("/");
			const known = rule === null || rule === "invalid-syntax" ? "syntax-error" : rule;
			const columns = file.endsWith(".ipynb") ? [location.column, end.column] : utf16(root, file, [location, end]);
			return [file, location.row, columns[0], end.row, columns[1], known, message].join("|");
		})
		.sort();
}

function utf16(root: string, file: string, places: readonly RuffItem["location"][]): readonly number[] {
	const lines = readFileSync(join(root, file), "utf8")
		.replace(/^\uFEFF/, "")
		.split(/\r\n|\r|\n/);
	return places.map(({ row, column }) => {
		const before = [...(lines[row - 1] ?? "")].slice(0, column - 1);
		return column + before.filter((character) => character.length === 2).length;
	});
}

/** Changes something on disk and says what. */
function randomEdit(root: string, random: Random): string {
	const kind = random.below(12);
	if (kind === 0) return editConfig(root, random);
	if (kind === 1) return editIgnored(root, random);
	if (kind === 2) return moveFile(root, random);
	return editSource(root, random.pick(AWKWARD_SOURCES), random);
}

function editSource(root: string, file: string, random: Random): string {
	const path = join(root, file);
	if (!existsSync(path)) {
		mkdirSync(dirname(path), { recursive: true });
		writeFileSync(path, "import os\n");
		return `${file} made again`;
	}
	const text = readFileSync(path, "utf8");
	const lines = text.split(/(?<=\n)/);
	const at = random.below(lines.length + 1);
	// A file that only grows would soon be all findings.
	if (lines.length > 12 || random.below(3) === 0) {
		writeFileSync(path, [...lines.slice(0, at), ...lines.slice(at + 1 + random.below(4))].join(""));
		return `lines of ${file} removed at ${at}`;
	}
	const snippet = random.pick(SNIPPETS);
	writeFileSync(path, [...lines.slice(0, at), snippet, ...lines.slice(at)].join(""));
	return `${JSON.stringify(snippet)} put into ${file} at line ${at}`;
}

function editConfig(root: string, random: Random): string {
	const file = random.pick(AWKWARD_CONFIGS);
	const path = join(root, file);
	const line = random.pick(CONFIG_LINES);
	const key = line.split(" ")[0] ?? "";
	const text = readFileSync(path, "utf8");
	const pattern = new RegExp(`^${key} = .*$`, "m");
	const start = file.endsWith("pyproject.toml")
		? text.replace("[tool.ruff]\n", `[tool.ruff]\n${line}\n`)
		: `${line}\n${text}`;
	writeFileSync(path, pattern.test(text) ? text.replace(pattern, line) : start);
	return `${line} in ${file}`;
}

/** What git ignores ruff leaves out: the rule is switched off and on. */
function editIgnored(root: string, random: Random): string {
	const path = join(root, ".gitignore");
	const text = random.pick(["generated/\n*.local.py\n", "*.local.py\n", "generated/\n"]);
	writeFileSync(path, text);
	return `${JSON.stringify(text)} in .gitignore`;
}

function moveFile(root: string, random: Random): string {
	const from = "awkward/moving.py";
	const to = random.pick(["awkward/nested/moving.py", "legacy/moving.py", "moving.py"]);
	const present = [from, "awkward/nested/moving.py", "legacy/moving.py", "moving.py"].find((file) =>
		existsSync(join(root, file)),
	);
	if (present === undefined) {
		writeFileSync(
			join(root, from),
			"import os\n\n\ndef f():\n    unused = os\n    return undefined_moving  # moved about\n",
		);
		return `${from} made`;
	}
	if (random.below(4) === 0) {
		rmSync(join(root, present));
		return `${present} deleted`;
	}
	if (present !== to) renameSync(join(root, present), join(root, to));
	return `${present} moved to ${to}`;
}
