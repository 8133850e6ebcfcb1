/**
 * `npm run bench`: ratios between things measured in one run, each of which asserts its outcome first. A table on the
 * terminal, the figures as JSON in bench/results/. Exit 1 when a gate fails or a goal is missed.
 *
 *   npm run bench -- [--quick] [--no-editor] [--docs] [--only ID,...]
 *   npm run bench -- --projects [--quick] [--only NAME,...]
 *
 * `--quick` takes fewer samples, `--no-editor` leaves out what needs editor or browser, `--only` measures these rows alone, `--docs`
 * puts the table into docs/performance.md.
 * `--projects` measures projects of others instead, fetched from PyPI (bench/projects/catalog.ts).
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exitCodeOf, prepare } from "../scripts/prepare.mjs";
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

const quick = process.argv.includes("--quick");
const only = listAfter("--only");
const isAsked = (id) => only.length === 0 || only.includes(id);
const isWanted = (rows) => !process.argv.includes("--no-editor") && rows.some(isAsked);
const [withEditor, withPage, withPaint] = [EDITOR_ROWS, PAGE_ROWS, PAINT_ROWS].map(isWanted);

const mode = process.argv.includes("--projects") ? projects : bench;
process.exitCode = await exitCodeOf(mode);

async function bench() {
	const inEditor = withEditor || withPaint;
	const { python, browser, host } = await prepare({ browser: inEditor || withPage, host: inEditor });
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
		if (withPage) {
			say("measuring the sidebar's page");
			const path = join(scratch, "page.json");
			results.push(...(await orFailed(PAGE_ROWS, () => measurePage(programs.page, browser, path))));
		}
		if (withEditor) {
			say("measuring in the editor");
			results.push(...(await orFailed(EDITOR_ROWS, () => measureEditor({ python, browser, suite: programs.host }))));
		}
		if (withPaint) {
			say("opening the sidebar in the editor");
			results.push(...(await orFailed(PAINT_ROWS, () => measureFirstPaint({ python, host }))));
		}
		return report(results, about, process.argv.includes("--docs"));
	} finally {
		rmSync(scratch, { recursive: true, force: true });
	}
}

/** What cannot be measured is a failed row, and takes no other with it. */
async function orFailed(ids, measure) {
	try {
		return await measure();
	} catch (error) {
		console.error(error);
		const [words] = String(error).split("\n");
		return ids.filter(isAsked).map((id) => ({
			id,
			what: `no figure: ${words}`,
			measured: "failed",
			goal: "a figure",
			met: false,
			figures: {},
		}));
	}
}

async function projects() {
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
	return JSON.parse(readFileSync(resultPath, "utf8")).filter(({ id }) => isAsked(id));
}

function say(what) {
	console.error(`bench: ${what} ...`);
}

function listAfter(option) {
	const at = process.argv.indexOf(option);
	return at === -1 ? [] : (process.argv[at + 1] ?? "").split(",").filter((id) => id !== "");
}
