/**
 * `npm run bench:model`: the model layer against a real Ollama server, as ratios within one run. `--model NAME` (default: the
 * smallest that can chat), `--server URL` (default: OLLAMA_HOST, else this machine), `--only NAME` one measurement alone, such as
 * `beside`. Exit 1 when a goal is missed, 2 without a server.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { prepare } from "../scripts/prepare.mjs";
import { report } from "./report.mjs";

const ROOT = join(import.meta.dirname, "..");
const scratch = mkdtempSync(join(tmpdir(), "jetbox-bench-model-"));
try {
	await build({
		bundle: true,
		platform: "node",
		target: "node20",
		logLevel: "warning",
		format: "esm",
		entryPoints: [join(ROOT, "bench/model/main.ts")],
		outfile: join(ROOT, "out/bench/model.mjs"),
		banner: {
			js: 'import { createRequire as benchRequire } from "node:module"; const require = benchRequire(import.meta.url);',
		},
	});
	const inner = join(scratch, "results.json");
	const { python } = await prepare();
	execFileSync(process.execPath, [join(ROOT, "esbuild.mjs")], { cwd: ROOT, stdio: ["ignore", "ignore", "inherit"] });
	const engine = ["--python", python, "--engine", join(ROOT, "dist/engine.js"), "--cache", join(ROOT, ".cache/bench")];
	const args = ["--expose-gc", join(ROOT, "out/bench/model.mjs"), inner, ...engine, ...process.argv.slice(2)];
	execFileSync(process.execPath, args, { stdio: "inherit" });
	const { results, about } = JSON.parse(readFileSync(inner, "utf8"));
	console.log(`\n${about.model} on Ollama ${about.server}`);
	process.exitCode = report(results, about);
} catch (error) {
	if (error.status !== 2) throw error;
	process.exitCode = 2;
} finally {
	rmSync(scratch, { recursive: true, force: true });
}
