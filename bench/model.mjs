/**
 * `npm run bench:model`: the model layer against a real Ollama server, as ratios within one run. `--model NAME` (default: the
 * smallest that can chat), `--server URL` (default: OLLAMA_HOST, else this machine), `--only NAME` one measurement alone, such as
 * `beside`. Exit 1 when a goal is missed, 2 without a server.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exitCodeOf, prepare } from "../scripts/prepare.mjs";
import { buildProduct, bundleProgram } from "./build.mjs";
import { report } from "./report.mjs";

const ROOT = join(import.meta.dirname, "..");
/** Some packages of the program are no ES modules. */
const BANNER =
	'import { createRequire as benchRequire } from "node:module"; const require = benchRequire(import.meta.url);';

process.exitCode = await exitCodeOf(main);

async function main() {
	const { python } = await prepare();
	buildProduct();
	const program = await bundleProgram("model/main.ts", "model.mjs", { banner: { js: BANNER } });
	const scratch = mkdtempSync(join(tmpdir(), "jetbox-bench-model-"));
	try {
		const resultPath = join(scratch, "results.json");
		const engine = [
			"--python",
			python,
			"--engine",
			join(ROOT, "dist/engine.js"),
			"--cache",
			join(ROOT, ".cache/bench"),
		];
		const args = ["--expose-gc", program, resultPath, ...engine, ...process.argv.slice(2)];
		execFileSync(process.execPath, args, { stdio: "inherit" });
		const { results, about } = JSON.parse(readFileSync(resultPath, "utf8"));
		console.log(`\n${about.model} on Ollama ${about.server}`);
		return report(results, about);
	} catch (error) {
		if (error.status !== 2) throw error;
		return 2;
	} finally {
		rmSync(scratch, { recursive: true, force: true });
	}
}
