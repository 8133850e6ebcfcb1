/** The house's rules (docs/architecture.md), held against every import in src/. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";

const src = join(import.meta.dirname, "../../src");
const ROOTS = ["extension.ts", "cli.ts", "engine.ts", "practice-model.ts"];

/** What each folder may import: folders and files of src/, `node:`, or packages by name. */
const ALLOWED: Record<string, readonly string[]> = {
	core: ["core"],
	cli: ["core", "node:", "diff"],
	node: ["core", "node:", "ollama", "chokidar", "diff"],
	practice: ["practice", "node:"],
	vscode: ["core", "vscode", "protocol.ts"],
	webview: ["webview", "protocol.ts", "core"],
	"protocol.ts": ["core"],
};

interface Import {
	readonly file: string;
	readonly target: string;
	readonly typeOnly: boolean;
}

function imports(): readonly Import[] {
	return readdirSync(src, { recursive: true, encoding: "utf8" })
		.filter((file) => file.endsWith(".ts"))
		.flatMap((file) => {
			const text = readFileSync(join(src, file), "utf8");
			const found = text.matchAll(/^(?:import|export)\s+(type\s)?[^;]*?from\s+"([^"]+)"|^import\s+"([^"]+)"/gms);
			return [...found].map(([, type, from, bare]) => {
				const specifier = from ?? bare ?? "";
				const target = specifier.startsWith(".") ? relative(src, join(src, dirname(file), specifier)) : specifier;
				return { file, target, typeOnly: type !== undefined };
			});
		});
}

function isAllowed(folder: string, target: string): boolean {
	const allowed = folder in ALLOWED ? (ALLOWED[folder] ?? []) : [];
	return [...allowed, folder].some((entry) =>
		entry.endsWith(":") ? target.startsWith(entry) : target === entry || target.startsWith(`${entry}/`),
	);
}

test("each folder imports only what the house allows", () => {
	const broken = imports()
		.filter(({ file }) => !ROOTS.includes(file))
		.filter(({ file, target }) => !isAllowed(file.split("/")[0] ?? "", target))
		.map(({ file, target }) => `${file} imports ${target}`);
	expect(broken).toEqual([]);
});

test("the webview takes values only from protocol.ts, and from what core makes of a run's events and of its own words", () => {
	const broken = imports()
		.filter(({ file, target, typeOnly }) => file.startsWith("webview/") && target.startsWith("core/") && !typeOnly)
		.filter(
			({ target }) =>
				!["core/timeline.ts", "core/run-summary.ts", "core/event-words.ts", "core/told-text.ts"].includes(target),
		);
	expect(broken).toEqual([]);
});

test("no file is imported that imports a root", () => {
	expect(imports().filter(({ target }) => ROOTS.includes(target))).toEqual([]);
});

test("the check finds a broken rule", () => {
	expect(isAllowed("core", "node:fs")).toBe(false);
	expect(isAllowed("vscode", "node/machine.ts")).toBe(false);
	expect(isAllowed("core", "core-evil/x.ts")).toBe(false);
	expect(isAllowed("node", "node:fs")).toBe(true);
	expect(imports().length).toBeGreaterThan(10);
});

test("files of the core stay readable", () => {
	const long = readdirSync(join(src, "core"), { recursive: true, encoding: "utf8" })
		.filter((file) => file.endsWith(".ts"))
		.map((file) => ({ file, lines: readFileSync(join(src, "core", file), "utf8").split("\n").length }))
		.filter(({ lines }) => lines > 270);
	expect(long).toEqual([]);
});
