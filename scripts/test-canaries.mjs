/** test/canaries for the scripts, which run without a TypeScript loader. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

const ROOT = join(import.meta.dirname, "..");

/** Bundles and loads test/canaries/canaries.ts. @returns {Promise<typeof import("../test/canaries/canaries.ts")>} */
export async function loadCanaries() {
	const outfile = join(ROOT, "out/test/canaries/canaries.mjs");
	await build({
		entryPoints: [join(ROOT, "test/canaries/canaries.ts")],
		outfile,
		bundle: true,
		platform: "node",
		format: "esm",
		target: "node20",
		logLevel: "warning",
	});
	return import(pathToFileURL(outfile).href);
}
