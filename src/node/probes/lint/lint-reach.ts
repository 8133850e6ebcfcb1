/** Which files of a content ruff reads, by its names and by what its configurations draw in. */
import { dirname, join, relative, resolve, sep } from "node:path";
import { isLintConfig, isLintSource, nameOf } from "../../../core/probes/inputs.ts";
import { isRuffConfig } from "../../../core/probes/ruff.ts";
import { configReach } from "../../../core/probes/ruff-reach.ts";
import type { Content } from "../content/content.ts";
import { readPlainText } from "../content/plain-file.ts";

/** A larger one is none. */
const MAX_CONFIG_BYTES = 4 * 1024 * 1024;
const CONFIG_NAMES = ["ruff.toml", ".ruff.toml", "pyproject.toml"];

export interface LintReach {
	/** Files of the workspace that configure ruff by their names. */
	readonly configs: readonly string[];
	/** Further ones, whatever they are called, also such as are not there; `..` leads beyond the workspace. */
	readonly bases: ReadonlySet<string>;
	/** Whether files of any name may be sources. */
	readonly readsAnyName: boolean;
}

const NOTHING: LintReach = { configs: [], bases: new Set(), readsAnyName: false };
const reaches = new WeakMap<Content, LintReach>();

/** As the mirror has told it with the content. */
export function lintReachOf(content: Content): LintReach {
	return reaches.get(content) ?? NOTHING;
}

export function tellLintReach(content: Content, reach: LintReach): void {
	reaches.set(content, reach);
}

/** Whether a file changes what ruff says of others. */
export function configuresLint({ bases }: LintReach, path: string): boolean {
	return isLintConfig(path) || bases.has(path);
}

/** Whether ruff may read a file as source. */
export function isLintedSource({ readsAnyName }: LintReach, path: string): boolean {
	return readsAnyName || isLintSource(path);
}

/**
 * Reads what the configurations among these paths draw in, from one base to the next.
 * @param onBase is told of each base before it is read
 */
export function readLintReach(
	root: string,
	paths: Iterable<string>,
	env: Readonly<Record<string, string>>,
	onBase: (path: string) => void,
): LintReach {
	const textOf = (path: string) => readPlainText(join(root, path), MAX_CONFIG_BYTES);
	const configs = [...paths].filter((path) => {
		const name = nameOf(path);
		return isRuffConfig(name, name === "pyproject.toml" ? textOf(path) : null);
	});
	const bases = new Set<string>();
	const left = [...configs];
	let readsAnyName = false;
	const draw = (path: string) => {
		if (bases.has(path)) return;
		bases.add(path);
		onBase(path);
		left.push(path);
	};
	if (configs.length > 0 && configs.every((path) => path.includes("/"))) outerConfigs(root, env).forEach(draw);
	for (let path = left.shift(); path !== undefined; path = left.shift()) {
		const text = textOf(path);
		if (text === null) continue;
		const reach = configReach(path, text, env);
		readsAnyName ||= reach.namesSources;
		const folder = join(root, dirname(path));
		for (const base of reach.bases) draw(pathFrom(root, resolve(folder, base)));
	}
	return { configs, bases, readsAnyName };
}

/** Where ruff looks when a workspace has none at its root: in each folder above, then in the home folder. */
function outerConfigs(root: string, env: Readonly<Record<string, string>>): readonly string[] {
	const folders: string[] = [];
	for (let folder = dirname(root); folder !== folders.at(-1); folder = dirname(folder)) folders.push(folder);
	const home = env["HOME"];
	if (home !== undefined) folders.push(join(home, ".config/ruff"));
	return folders.flatMap((folder) => CONFIG_NAMES.map((name) => pathFrom(root, join(folder, name))));
}

function pathFrom(root: string, path: string): string {
	return relative(root, path).split(sep).join("/");
}
