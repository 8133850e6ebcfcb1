/** `npm run eval`: prepares the tools, builds the command line and the evaluation, and hands over. See `npm run eval -- --help`. */
import { execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { exitCodeOf, PrepareError, prepare } from "../../scripts/prepare.mjs";
import { buildProduct, bundleProgram } from "../build.mjs";

const ROOT = join(import.meta.dirname, "../..");
const AIDER_VENV = join(ROOT, ".cache/aider");
const AIDER = "aider-chat==0.86.2";

process.exitCode = await exitCodeOf(main);

async function main() {
	const given = process.argv.slice(2);
	const { python, ruff, venv } = await prepare({ venv: true });
	buildProduct();
	const program = await bundleProgram("eval/eval.ts", "eval.mjs");
	const aider = given.includes("aider") ? ["--aider-python", prepareAider(python)] : [];
	const parts = ["--root", ROOT, "--venv", venv, "--python", python, "--ruff", ruff, ...aider];
	const child = spawn(process.execPath, [program, ...given, ...parts], { stdio: "inherit" });
	for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
	return new Promise((resolve) => child.on("exit", (code) => resolve(code ?? 1)));
}

/** An environment of its own: aider pins many packages. */
function prepareAider(python) {
	const own = join(AIDER_VENV, "bin/python");
	if (existsSync(join(AIDER_VENV, "bin/aider"))) return own;
	console.error(`eval: installing ${AIDER} into .cache/aider ...`);
	try {
		execFileSync(python, ["-m", "venv", AIDER_VENV], { stdio: "inherit" });
		execFileSync(own, ["-m", "pip", "install", "--quiet", AIDER, "ruff==0.16.9", "pytest==9.1.1"], {
			stdio: "inherit",
		});
	} catch {
		throw new PrepareError(`${AIDER} could not be installed. Check the network, or leave --system aider out.`);
	}
	return own;
}
