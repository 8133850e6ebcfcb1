/** Starts VS Code's server and opens its workbench in headless Chromium: for the host tests (code-web.mjs) and the UI tests. */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";

/** User settings that quiet the workbench's calls home and keep its own panels off what a test looks at. */
export const QUIET_SETTINGS = {
	"chat.disableAIFeatures": true,
	"extensions.autoCheckUpdates": false,
	"extensions.autoUpdate": false,
	"workbench.enableExperiments": false,
	"workbench.secondarySideBar.defaultVisibility": "hidden",
	"workbench.startupEditor": "none",
};
const SERVER_GUARD = join(import.meta.dirname, "server-guard.mjs");
const BROWSERS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const STOP_GRACE_MS = 3_000;

/**
 * Starts a server on a free loopback port, behind a one-off token.
 * @param home what install.mjs returned
 * @param extraArgs more server-main.js options
 * @param driver whether it runs under the editor's own test driver, which shows no notifications
 * @returns pid, origin, token, `exited` (resolves with the exit code) and an idempotent `stop()`
 */
export async function startServer(options) {
	const { home, dataDir, userDataDir, extensionsDir, extraArgs = [], env = process.env, driver = true } = options;
	const token = randomBytes(16).toString("hex");
	const { VSCODE_IPC_HOOK_CLI: _, ELECTRON_RUN_AS_NODE: __, ...serverEnv } = env;
	const server = spawn(
		home.node,
		[
			SERVER_GUARD,
			home.serverMain,
			"--host",
			"127.0.0.1",
			"--port",
			"0",
			"--connection-token",
			token,
			"--accept-server-license-terms",
			"--telemetry-level",
			"off",
			// Without it the workbench ignores extensionDevelopmentPath and extensionTestsPath.
			...(driver ? ["--enable-smoke-test-driver"] : []),
			"--force-disable-user-env", // no login shell: the extension host gets exactly `env`
			"--server-data-dir",
			dataDir,
			"--user-data-dir",
			userDataDir,
			"--extensions-dir",
			extensionsDir,
			...extraArgs,
		],
		{ detached: true, stdio: ["ignore", "pipe", "pipe", "ipc"], env: serverEnv },
	);
	const exited = once(server, "exit").then(([code, signal]) => code ?? signal);
	let log = "";
	const listening = new Promise((resolve) => {
		const read = (chunk) => {
			log = (log + chunk).slice(-20_000);
			const port = /Extension host agent listening on (\d+)/.exec(log)?.[1];
			if (port) resolve(`127.0.0.1:${port}`);
		};
		server.stdout.on("data", read);
		server.stderr.on("data", read);
	});
	const killGroup = (signal) => {
		try {
			process.kill(-server.pid, signal); // the server leads its process group: extension host, watcher and pty go with it
		} catch {
			// already gone
		}
	};
	const stop = async () => {
		killGroup("SIGTERM");
		await Promise.race([exited, new Promise((r) => setTimeout(r, STOP_GRACE_MS).unref())]);
		killGroup("SIGKILL");
	};
	const authority = await Promise.race([
		listening,
		exited.then((code) => {
			throw new Error(`The VS Code server ended with ${code} before it listened.\n${log}`);
		}),
	]);
	return { pid: server.pid, authority, token, exited, stop, log: () => log };
}

/** The `vscode-remote:` form of a local path, as the workbench wants it. */
export const remoteUri = (authority, path) => `vscode-remote://${authority}${encodeURI(path)}`;

/** Launches Chromium with everything that calls home turned off. */
export const launchChromium = () =>
	chromium.launch({
		executablePath: process.env.CHROMIUM_PATH || BROWSERS.find((path) => existsSync(path)),
		args: [
			"--no-sandbox",
			"--disable-gpu",
			"--disable-quic",
			"--no-first-run",
			"--disable-background-networking",
			"--disable-component-update",
			"--disable-sync",
		],
		handleSIGINT: false,
		handleSIGTERM: false,
		handleSIGHUP: false, // the caller stops server and browser together
	});

/**
 * The workbench's address.
 * @param payload pairs such as ["extensionDevelopmentPath", uri]
 */
export function workbenchUrl({ authority, token }, { folder, workspace, payload = [] }) {
	const url = new URL(`http://${authority}/`);
	url.searchParams.set("tkn", token);
	if (workspace) url.searchParams.set("workspace", workspace);
	else if (folder) url.searchParams.set("folder", folder);
	else url.searchParams.set("ew", "true"); // empty window: without it the last folder opens
	if (payload.length) url.searchParams.set("payload", JSON.stringify(payload));
	return url.href;
}
