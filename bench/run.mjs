/**
 * `npm run bench`: ratios between things measured in one run, each of which asserts its outcome first. A table on the
 * terminal, the figures as JSON in bench/results/. Exit 1 when a gate fails or a goal is missed, 2 for a wrong option.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { exitCodeOf, PrepareError, prepare } from "../scripts/prepare.mjs";
import { bundleProgram } from "./build.mjs";
import { measureEditor } from "./editor.mjs";
import { measureFirstPaint } from "./first-paint.mjs";
import { measureProjects } from "./projects.mjs";
import { report } from "./report.mjs";

const ROOT = join(import.meta.dirname, "..");
const CACHE = join(ROOT, ".cache/bench");
const VSIX_GOAL_KB = 600;
const PAGE_ROWS = ["page-update", "page-replay"];
const EDITOR_ROWS = ["activation", "event-loop"];
const PAINT_ROWS = ["first-paint", "openings"];

const USAGE = `npm run bench -- [options]
  --quick        fewer samples
  --no-editor    without what needs editor or browser
  --only ID,...  these rows alone; with --projects, these projects alone
  --docs         puts the table into docs/performance.md
  --projects     measures projects of others instead, fetched from PyPI (bench/projects/catalog.ts)`;

process.exitCode = await exitCodeOf(main);

async function main() {
	const options = optionsOf(process.argv.slice(2));
	if (options.help) {
		console.log(USAGE);
		return 0;
	}
	return options.projects ? projects(options) : bench(options);
}

/** @throws PrepareError for what is none of them */
function optionsOf(args) {
	const flag = { type: "boolean", default: false };
	const options = {
		...{ quick: flag, "no-editor": flag, docs: flag, projects: flag, help: flag },
		only: { type: "string" },
	};
	try {
		const { values } = parseArgs({ args, options });
		return { ...values, only: (values.only ?? "").split(",").filter((id) => id !== "") };
	} catch (error) {
		throw new PrepareError(`${error.message}\n${USAGE}`);
	}
}

async function bench({ docs, quick, only, "no-editor": noEditor }) {
	const isAsked = (id) => only.length === 0 || only.includes(id);
	const [pageRows, editorRows, paintRows] = [PAGE_ROWS, EDITOR_ROWS, PAINT_ROWS].map((ids) =>
		noEditor ? [] : ids.filter(isAsked),
	);
	const inEditor = editorRows.length + paintRows.length > 0;
	const { python, browser, host } = await prepare({ browser: inEditor || pageRows.length > 0, host: inEditor });
	const scratch = mkdtempSync(join(tmpdir(), "jetbox-bench-out-"));
	try {
		say("packaging");
		const size = packagedSize();
		const programs = await bundle();
		const resultPath = join(scratch, "results.json");
		const wanted = { python, enginePath: join(ROOT, "dist/engine.js"), cache: CACHE, resultPath, quick, only };
		execFileSync(process.execPath, [programs.bench, JSON.stringify(wanted)], { stdio: "inherit" });
		const { broken, results, tools } = JSON.parse(readFileSync(resultPath, "utf8"));
		const about = { quick, tools, python: execFileSync(python, ["--version"], { encoding: "utf8" }).trim() };
		if (broken) {
			console.error("bench: a gate failed, so nothing was timed.");
			return report(results, about);
		}
		if (isAsked(size.id)) results.push(size);
		if (pageRows.length > 0) {
			say("measuring the sidebar's page");
			const path = join(scratch, "page.json");
			results.push(...(await orFailed(pageRows, () => measurePage(programs.page, browser, path))));
		}
		if (editorRows.length > 0) {
			say("measuring in the editor");
			results.push(...(await orFailed(editorRows, () => measureEditor({ python, browser, suite: programs.host }))));
		}
		if (paintRows.length > 0) {
			say("opening the sidebar in the editor");
			results.push(...(await orFailed(paintRows, () => measureFirstPaint({ python, host }))));
		}
		return report(results, about, docs);
	} finally {
		rmSync(scratch, { recursive: true, force: true });
	}
}

/** These rows of what is measured. What cannot be measured is a failed row, and takes no other with it. */
async function orFailed(ids, measure) {
	try {
		return (await measure()).filter(({ id }) => ids.includes(id));
	} catch (error) {
		console.error(error);
		const [words] = String(error).split("\n");
		return ids.map((id) => ({
			id,
			what: `no figure: ${words}`,
			measured: "failed",
			goal: "a figure",
			met: false,
			figures: {},
		}));
	}
}

async function projects({ quick, only }) {
	const { python } = await prepare();
	const scratch = mkdtempSync(join(tmpdir(), "jetbox-bench-out-"));
	try {
		return report(await measureProjects({ python, quick, only, scratch }), { quick, projects: true });
	} finally {
		rmSync(scratch, { recursive: true, force: true });
	}
}

async function bundle() {
	const [bench, host, page] = await Promise.all([
		bundleProgram("bench.ts", "bench.mjs"),
		bundleProgram("host/index.ts", "host.cjs", { external: ["vscode"] }),
		bundleProgram("page.ts", "page.mjs", { packages: "external" }),
	]);
	return { bench, host, page };
}

/** Packages what users install; the other measurements run on the same bundles. */
function packagedSize() {
	execFileSync("npm", ["run", "--silent", "package"], { cwd: ROOT, stdio: ["ignore", "ignore", "inherit"] });
	const kb = statSync(join(ROOT, "jetbox.vsix")).size / 1000;
	return {
		id: "vsix",
		what: "size of the packaged extension",
		measured: `${kb.toFixed(0)} KB`,
		goal: `<= ${VSIX_GOAL_KB} KB`,
		met: kb <= VSIX_GOAL_KB,
		figures: { kb },
	};
}

/** In a process of its own, as it needs a bundle. */
function measurePage(program, browser, resultPath) {
	const log = join(ROOT, "test/fixtures/events/green.jsonl");
	execFileSync(process.execPath, [program, log, resultPath], {
		stdio: "inherit",
		env: { ...process.env, CHROMIUM_PATH: browser },
	});
	return JSON.parse(readFileSync(resultPath, "utf8"));
}

function say(what) {
	console.error(`bench: ${what} ...`);
}
