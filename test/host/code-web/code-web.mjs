#!/usr/bin/env node
/**
 * Takes the command line that @vscode/test-electron gives to VS Code and runs the tests in VS Code's server and headless
 * Chromium instead. Exit code: the tests' own; 1 when they cannot run, 124 on timeout, 128+n on a signal.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { constants, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { launchChromium, QUIET_SETTINGS, remoteUri, startServer, workbenchUrl } from "./host.mjs";
import { ensureHome } from "./install.mjs";

const BOOTSTRAP = join(import.meta.dirname, "bootstrap.cjs");
/** VS Code gives extensions 5 s to deactivate. */
const DEACTIVATE_MS = 6_000;
/** On a busy machine the workbench comes up slowly. */
const OPEN_TIMEOUT_MS = 120_000;
const TIMEOUT_MS = Number(process.env.CODE_WEB_TIMEOUT_MS ?? 600_000);

const { values, positionals } = parseArgs({
	allowPositionals: true,
	strict: false, // desktop-only switches (--no-sandbox, --disable-updates, ...) mean nothing here and are ignored
	options: {
		extensionDevelopmentPath: { type: "string", multiple: true, default: [] },
		extensionTestsPath: { type: "string" },
		"user-data-dir": { type: "string" },
		"extensions-dir": { type: "string" },
		"enable-proposed-api": { type: "string", multiple: true, default: [] },
		"disable-extension": { type: "string", multiple: true }, // ignored like all others; named so that `--option value`
		locale: { type: "string" }, // does not pass its value for the folder
		log: { type: "string" },
	},
});

const scratch = mkdtempSync(join(tmpdir(), "code-web-"));
const cleanups = [() => rmSync(scratch, { recursive: true, force: true, maxRetries: 3 })];
let finishing;
/** Ends once, with everything stopped first. */
const finish = (code, message) =>
	(finishing ??= (async () => {
		if (message) console.error(`code-web: ${message}`);
		for (const cleanup of [...cleanups].reverse()) await Promise.resolve(cleanup()).catch(() => {});
		process.exit(code);
	})());

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
	process.on(signal, () => finish(128 + constants.signals[signal], `stopped by ${signal}`));
}

try {
	const home = ensureHome();
	const userDataDir = resolve(values["user-data-dir"] ?? join(scratch, "user-data"));
	const extensionsDir = resolve(values["extensions-dir"] ?? join(scratch, "extensions"));
	for (const dir of [join(userDataDir, "User"), extensionsDir]) mkdirSync(dir, { recursive: true });
	const settingsPath = join(userDataDir, "User/settings.json");
	if (!existsSync(settingsPath)) writeFileSync(settingsPath, JSON.stringify(QUIET_SETTINGS, null, 2));

	const socketPath = join(scratch, "output.sock");
	let result;
	let extensionHostPid;
	const allOutput = new Promise((ended) => {
		createServer((socket) =>
			createInterface({ input: socket })
				.on("close", ended)
				.on("line", (line) => {
					const [kind, data] = JSON.parse(line);
					if (kind === "result") result = data;
					else if (kind === "pid") extensionHostPid = data;
					else process[kind].write(data);
				}),
		).listen(socketPath);
	});

	const server = await startServer({
		env: {
			...process.env,
			// The tests' home, not this program's, which has the installation; the editor's own cache is not the tests'.
			...(process.env.CODE_WEB_TESTS_HOME
				? { HOME: process.env.CODE_WEB_TESTS_HOME, XDG_CACHE_HOME: join(scratch, "cache") }
				: {}),
			CODE_WEB_SOCKET: socketPath,
			CODE_WEB_TESTS: values.extensionTestsPath,
		},
		home,
		userDataDir,
		extensionsDir,
		dataDir: join(scratch, "server"),
		extraArgs: [
			...values["enable-proposed-api"].map((id) => `--enable-proposed-api=${id}`),
			...(values["disable-workspace-trust"] ? ["--disable-workspace-trust"] : []),
		],
	});
	cleanups.push(server.stop);
	server.exited.then((code) => finish(1, `the server ended with ${code}\n${server.log()}`));

	const browser = await launchChromium();
	cleanups.push(() => browser.close());
	browser.on("disconnected", () => finish(1, "the browser ended"));
	const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
	page.on("crash", () => finish(1, "the workbench's page crashed"));
	if (process.env.CODE_WEB_DEBUG)
		await page.exposeFunction("codeAutomationLog", (level, args) => console.error(level, ...args));
	await page.exposeFunction("codeAutomationExit", async (code) => {
		await Promise.race([allOutput, delay(2_000)]);
		for (let waited = 0; waited < DEACTIVATE_MS && isRunning(extensionHostPid); waited += 50) await delay(50);
		// An extension host that crashes or calls process.exit() is reported as 0: only a result that it sent counts.
		return result === undefined ? finish(1, "the extension host ended before the tests did") : finish(code || result);
	});

	const uri = (path) => remoteUri(server.authority, resolve(path));
	const target = positionals[0] && resolve(positionals[0]);
	const isWorkspaceFile = target?.endsWith(".code-workspace") && statSync(target).isFile();
	const payload = [
		...values.extensionDevelopmentPath.map((path) => ["extensionDevelopmentPath", uri(path)]),
		["extensionTestsPath", uri(BOOTSTRAP)],
	];
	const shown = isWorkspaceFile ? { workspace: target, payload } : { folder: target, payload };
	await page.goto(workbenchUrl(server, shown), { timeout: OPEN_TIMEOUT_MS });
	setTimeout(() => finish(124, `no result after ${TIMEOUT_MS} ms`), TIMEOUT_MS).unref();
} catch (error) {
	await finish(1, error instanceof Error ? error.message : String(error));
}

function isRunning(pid) {
	try {
		return pid !== undefined && process.kill(pid, 0);
	} catch {
		return false;
	}
}
