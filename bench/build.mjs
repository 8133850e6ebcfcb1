/** What the benchmarks run on: the product as it is packaged, and their own programs, bundled into out/bench/. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { build } from "esbuild";

const ROOT = join(import.meta.dirname, "..");

/** Builds dist/; only what goes wrong is printed. */
export function buildProduct() {
	execFileSync(process.execPath, ["esbuild.mjs"], { cwd: ROOT, stdio: ["ignore", "ignore", "inherit"] });
}

/**
 * @param {string} entry beneath bench/
 * @param {string} name of the program in out/bench/; its ending, `.mjs` or `.cjs`, says which kind of module it is
 * @param {import("esbuild").BuildOptions} more
 * @returns {Promise<string>} the program's path
 */
export async function bundleProgram(entry, name, more = {}) {
	const outfile = join(ROOT, "out/bench", name);
	await build({
		entryPoints: [join(ROOT, "bench", entry)],
		outfile,
		bundle: true,
		platform: "node",
		target: "node20",
		format: name.endsWith(".cjs") ? "cjs" : "esm",
		logLevel: "warning",
		...more,
	});
	return outfile;
}
