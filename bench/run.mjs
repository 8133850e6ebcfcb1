/**
 * `npm run bench`: ratios between things measured in one run, each of which asserts its outcome first. A table on the
 * terminal, the figures as JSON in bench/results/. Exit 1 when a goal is missed. `--quick` takes fewer samples, `--no-editor`
 * leaves out what needs the editor.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { PrepareError, prepare } from "../scripts/prepare.mjs";
import { measureEditor } from "./editor.mjs";
import { report } from "./report.mjs";

const ROOT = join(import.meta.dirname, "..");
const VSIX_GOAL_KB = 500;

const quick = process.argv.includes("--quick");
const withEditor = !process.argv.includes("--no-editor");

process.exitCode = await bench().catch((error) => {
	if (!(error instanceof PrepareError)) throw error;
	console.error(error.message);
	return 2;
});

async function bench() {
	const { python, ruff, browser } = await prepare({ browser: withEditor, host: withEditor });
	const scratch = mkdtempSync(join(tmpdir(), "jetbox-bench-out-"));
	try {
		say("packaging");
		const size = packagedSize();
		await bundle();
		say("measuring rounds and probes");
		const inner = join(scratch, "results.json");
		const args = [python, ruff, join(ROOT, "dist/engine.js"), inner, ...(quick ? ["quick"] : [])];
		execFileSync(process.execPath, [join(ROOT, "out/bench/bench.mjs"), ...args], { stdio: "inherit" });
		const results = [...JSON.parse(readFileSync(inner, "utf8")), size];
		if (withEditor) {
			say("measuring in the editor");
			results.push(...(await measureEditor({ python, browser, suite: join(ROOT, "out/bench/host.cjs") })));
		}
		return report(results, { quick });
	} finally {
		rmSync(scratch, { recursive: true, force: true });
	}
}

async function bundle() {
	const shared = { bundle: true, platform: "node", target: "node20", logLevel: "warning" };
	await Promise.all([
		build({ ...shared, entryPoints: [join(ROOT, "bench/bench.ts")], outfile: "out/bench/bench.mjs", format: "esm" }),
		build({
			...shared,
			entryPoints: [join(ROOT, "bench/host/index.ts")],
			outfile: "out/bench/host.cjs",
			format: "cjs",
			external: ["vscode"],
		}),
	]);
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

function say(what) {
	console.error(`bench: ${what} ...`);
}
