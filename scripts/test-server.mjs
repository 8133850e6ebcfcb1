/**
 * `npm run test:server`: the model layer against a real Ollama server. JETBOX_TEST_SERVER (default: OLLAMA_HOST, else this
 * machine), JETBOX_TEST_MODEL (default: the smallest that can chat); JETBOX_TEST_OPENAI names an OpenAI-compatible server.
 * Where no server answers, it says so and tests nothing: this is no part of `npm test`.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..");
const PROBE_MS = 3_000;

const given = process.env.JETBOX_TEST_SERVER || process.env.OLLAMA_HOST || "127.0.0.1:11434";
const server = given.includes("://") ? given : `http://${given.startsWith(":") ? `127.0.0.1${given}` : given}`;
if (await answers(server)) {
	const vitest = ["vitest", "run", "--config", "vitest.server.config.ts"];
	const env = { ...process.env, JETBOX_TEST_SERVER: server };
	process.exitCode = spawnSync("npx", vitest, { cwd: ROOT, stdio: "inherit", env }).status ?? 1;
} else {
	console.log(`No Ollama server answers at ${server}, so nothing was tested. Start one with "ollama serve".`);
}

async function answers(url) {
	try {
		const response = await fetch(`${url}/api/version`, { signal: AbortSignal.timeout(PROBE_MS) });
		return response.ok;
	} catch {
		return false;
	}
}
