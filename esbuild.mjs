/** Builds the bundles of dist/: extension (CommonJS, for the editor's loader), engine, CLI and practice model (ESM), and the two pages with their styles. */
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { build, transform } from "esbuild";

const { version } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));
const shared = {
	bundle: true,
	minify: process.argv.includes("--minify"),
	logLevel: "warning",
	legalComments: "none",
	define: { JETBOX_VERSION: JSON.stringify(version) },
};
const node = { ...shared, platform: "node", target: "node20" };
// Bundled CommonJS dependencies may call require() for Node's own modules.
const esmBanner = {
	js: 'import { createRequire as jetboxCreateRequire } from "node:module"; const require = jetboxCreateRequire(import.meta.url);',
};

rmSync("dist", { recursive: true, force: true });
mkdirSync("dist/extension", { recursive: true });
await Promise.all([
	buildExtension(),
	...["cli", "engine", "practice-model"].map((name) =>
		build({ ...node, entryPoints: [`src/${name}.ts`], outfile: `dist/${name}.js`, format: "esm", banner: esmBanner }),
	),
	...Object.entries({ sidebar: "main", benchmark: "benchmark" }).flatMap(([page, entry]) => [
		build({
			...shared,
			entryPoints: [`src/webview/${entry}.ts`],
			outfile: `dist/${page}.js`,
			platform: "browser",
			target: "es2023",
			format: "iife",
		}),
		build({ ...shared, entryPoints: [`src/webview/styles/${page}.css`], outfile: `dist/${page}.css` }),
	]),
]);
cpSync("src/python", "dist/python", { recursive: true, filter: (path) => !path.includes("__pycache__") });
chmodSync("dist/cli.js", 0o755);

/**
 * What the extension imports dynamically stays in files of its own, read when it is first used, so that the window's start costs
 * little. esbuild splits ES modules only, and the oldest supported editor loads CommonJS only: so it splits first, then converts.
 */
async function buildExtension() {
	const { outputFiles } = await build({
		...node,
		entryPoints: ["src/extension.ts"],
		outdir: "dist",
		outExtension: { ".js": ".cjs" },
		chunkNames: "extension/[hash]",
		format: "esm",
		splitting: true,
		external: ["vscode"],
		write: false,
	});
	for (const { path, text } of outputFiles) {
		const { code } = await transform(text, {
			format: "cjs",
			platform: "node",
			target: node.target,
			minify: shared.minify,
			// A dynamic import of CommonJS is a require.
			supported: { "dynamic-import": false },
		});
		writeFileSync(path, code);
	}
}
