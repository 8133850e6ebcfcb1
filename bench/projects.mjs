/** The mode `--projects` of `npm run bench`: projects of others, fetched from PyPI into the user's cache folder. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { buildProduct, bundleProgram } from "./build.mjs";

const ROOT = join(import.meta.dirname, "..");

/**
 * @param wanted `python`, `quick`, `only` (names of projects) and `scratch`, a folder that is emptied afterwards
 * @returns rows of bench/measure.ts
 */
export async function measureProjects({ scratch, ...wanted }) {
	buildProduct();
	const program = await bundleProgram("projects/main.ts", "projects.mjs");
	const resultPath = join(scratch, "results.json");
	const enginePath = join(ROOT, "dist/engine.js");
	const asked = { ...wanted, enginePath, resultPath, cache: cacheFolder(process.env, process.platform) };
	execFileSync(process.execPath, [program, JSON.stringify(asked)], { stdio: "inherit" });
	return JSON.parse(readFileSync(resultPath, "utf8")).results;
}

/** The platform's folder for what can be fetched again; outside of this repository, whose ignore rules ruff would follow. */
function cacheFolder(env, platform) {
	if (platform === "darwin") return join(homedir(), "Library/Caches/jetbox-bench");
	if (platform === "win32") return join(env.LOCALAPPDATA ?? join(homedir(), "AppData/Local"), "jetbox-bench");
	return join(env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "jetbox-bench");
}
