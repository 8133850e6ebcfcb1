/**
 * `npm run demo`: a small Python project with two failing tests and three lint errors is mended by the real CLI, with a real model
 * where one answers, otherwise with the practice model. JETBOX_DEMO_MODEL names another choice. Ends with the CLI's exit code.
 */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { createTwoFilesPatch } from "diff";
import { exitCodeOf, prepare } from "./prepare.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const CLI = join(ROOT, "dist", "cli.js");
const PROJECT = join(ROOT, "media", "demo-project");
const TASK = "Make the failing tests pass and fix the lint errors";
const MAX_ROUNDS = "40";

process.exitCode = await exitCodeOf(demo);

async function demo() {
	const { venv, python, ruff } = await prepare({ venv: true });
	console.error("demo: building ...");
	execFileSync(process.execPath, ["esbuild.mjs"], { cwd: ROOT, stdio: "inherit" });

	const folder = realpathSync(mkdtempSync(join(tmpdir(), "jetbox-demo-")));
	const workspace = join(folder, "shelf");
	const log = join(folder, "rounds.log");
	cpSync(PROJECT, workspace, { recursive: true, filter: (path) => !path.includes("__pycache__") });
	const before = { files: snapshot(workspace), ...measure(workspace, python, ruff, folder) };
	const { model, sandbox } = choose();

	const { VIRTUAL_ENV: _, ...inherited } = process.env;
	const code = await runCli(
		["run", TASK, "--workspace", workspace, "--model", model, "--approve", "edits", "--sandbox", sandbox].concat([
			"--max-rounds",
			MAX_ROUNDS,
			"--log",
			log,
		]),
		{ ...inherited, VIRTUAL_ENV: venv },
	);

	const after = { files: snapshot(workspace), ...measure(workspace, python, ruff, folder) };
	heading("What changed");
	console.log(diffOf(before.files, after.files) || "Nothing.");
	heading("Rounds");
	console.log(readLog(log));
	heading("Before and after");
	console.log(table(before, after));
	console.log(`\nWorkspace: ${workspace}`);
	if (model === "practice") console.log("By the practice model: no neural network, only template repairs.");
	else if (code === 1) console.log("JETBOX_DEMO_MODEL=practice npm run demo shows a run that ends green.");
	return code;
}

/** The model for this machine, said in words, and how its tests are confined. */
function choose() {
	const forced = process.env.JETBOX_DEMO_MODEL?.trim();
	const confined =
		spawnSync("/usr/bin/bwrap", ["--ro-bind", "/", "/", "/usr/bin/true"], { stdio: "ignore" }).status === 0;
	const mayAsk = process.stdin.isTTY === true && process.stderr.isTTY === true;
	const found = forced || realModel();
	if (found && found !== "practice" && (confined || mayAsk || forced)) {
		console.error(`demo: model ${found}${forced ? " (JETBOX_DEMO_MODEL)" : ", on the Ollama server that answers"}`);
		return { model: found, sandbox: "auto" };
	}
	const why = forced
		? "JETBOX_DEMO_MODEL asks for it"
		: found
			? `${found} is there, but no sandbox to run tests in that it may write, and nobody to ask`
			: "no Ollama server with a usable model answers";
	console.error(`demo: PRACTICE MODEL, no neural network, only template repairs (${why})`);
	if (!confined) console.error("demo: bubblewrap does not work here; the demo's own project runs unconfined");
	return { model: "practice", sandbox: confined ? "auto" : "off" };
}

function realModel() {
	const { status, stdout } = spawnSync(process.execPath, [CLI, "models", "--json"], { encoding: "utf8" });
	if (status !== 0) return null;
	const { auto } = JSON.parse(stdout);
	return typeof auto === "string" ? auto : null;
}

/** Ctrl-C reaches the CLI by the terminal; a signal sent to this process alone is passed on. */
function runCli(args, env) {
	const child = spawn(process.execPath, [CLI, ...args], { stdio: "inherit", env });
	process.on("SIGINT", () => {});
	process.on("SIGTERM", () => child.kill("SIGTERM"));
	return new Promise((resolve, reject) => {
		child.on("error", reject);
		child.on("exit", (code) => resolve(code ?? 130));
	});
}

/** Failing tests and lint errors, by pytest and ruff themselves. */
function measure(workspace, python, ruff, folder) {
	const report = join(folder, "tests.xml");
	const quiet = { cwd: workspace, stdio: "ignore", env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" } };
	spawnSync(python, ["-m", "pytest", "-q", "-p", "no:cacheprovider", `--junitxml=${report}`], quiet);
	const suite = /<testsuite [^>]*>/.exec(readFileSync(report, "utf8"))?.[0] ?? "";
	rmSync(report);
	const count = (name) => Number(new RegExp(` ${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
	const options = ["check", "--isolated", "--no-cache", "--select", "E,F", "--output-format", "json", "."];
	const lint = JSON.parse(spawnSync(ruff, options, { cwd: workspace, encoding: "utf8" }).stdout);
	return { tests: count("tests"), failing: count("failures") + count("errors"), lint: lint.length };
}

function snapshot(workspace) {
	const entries = readdirSync(workspace, { recursive: true, withFileTypes: true });
	const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
	const texts = paths.filter((path) => /\.(py|toml|md|txt|cfg|ini)$/.test(path));
	return new Map(texts.sort().map((path) => [relative(workspace, path), readFileSync(path, "utf8")]));
}

function diffOf(before, after) {
	return [...new Set([...before.keys(), ...after.keys()])]
		.sort()
		.filter((path) => before.get(path) !== after.get(path))
		.map((path) => {
			const patch = createTwoFilesPatch(
				`a/${path}`,
				`b/${path}`,
				before.get(path) ?? "",
				after.get(path) ?? "",
				"",
				"",
			);
			return patch.replace(/^=+\n/, "");
		})
		.join("");
}

function readLog(path) {
	try {
		return readFileSync(path, "utf8").trimEnd();
	} catch {
		return "No round was run.";
	}
}

function table(before, after) {
	const row = (name, left, right) => `${name.padEnd(16)}${String(left).padStart(8)}${String(right).padStart(8)}`;
	return [
		row("", "before", "after"),
		row("tests", before.tests, after.tests),
		row("failing tests", before.failing, after.failing),
		row("lint errors", before.lint, after.lint),
	].join("\n");
}

function heading(words) {
	console.log(`\n== ${words} ==`);
}
