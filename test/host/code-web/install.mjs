/** Installs VS Code's server once per machine and version: about 1.5 minutes cold, nothing afterwards. */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** Folder whose package.json and package-lock.json pin the server; CODE_WEB_PIN names another, such as floor/. */
const PIN = resolve(process.env.CODE_WEB_PIN ?? import.meta.dirname);
const VERSION = versionOf(PIN);
const FLOOR_VERSION = versionOf(join(import.meta.dirname, "floor"));
/** Of no use to an extension's tests, and about 300 MB; the assistant also tries to sign in at start. */
const UNUSED_DEPENDENCIES = [
	"@github/copilot-sdk",
	"@microsoft/mxc-sdk",
	"@devcontainers/cli",
	"@vscode/sandbox-runtime",
	"ssh2",
];
const UNUSED_EXTENSIONS = ["copilot", "mermaid-markdown-features", "microsoft-authentication"];

/**
 * Finds or makes the installation under $CODE_WEB_HOME (default: the user's cache folder).
 * @returns paths of the server's entry point and of the Node that runs it, and whether it shows no dialog under its test driver
 */
export function ensureHome() {
	const base = process.env.CODE_WEB_HOME ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "code-web");
	const home = join(base, VERSION);
	if (!existsSync(home)) install(home);
	const modules = join(home, "node_modules");
	return {
		node: join(modules, `node-linux-${process.arch}/bin/node`),
		serverMain: join(modules, "code-server/lib/vscode/out/server-main.js"),
		driverRefusesDialogs: VERSION === FLOOR_VERSION,
	};
}

function versionOf(pin) {
	return JSON.parse(readFileSync(join(pin, "package.json"), "utf8")).dependencies["code-server"];
}

/** Staged and renamed, so that an interrupted installation is never taken for a whole one. */
function install(home) {
	console.error(`code-web: installing VS Code's server ${VERSION} into ${home} (once, about 1.5 minutes)`);
	const staging = `${home}.${process.pid}`;
	rmSync(staging, { recursive: true, force: true });
	mkdirSync(staging, { recursive: true });
	for (const file of ["package.json", "package-lock.json"]) cpSync(join(PIN, file), join(staging, file));
	// --ignore-scripts: the package's own install script demands its exact Node version and compiles every native module.
	npm(staging, "ci", "--ignore-scripts");

	const vscode = join(staging, "node_modules/code-server/lib/vscode");
	const manifestPath = join(vscode, "package.json");
	const manifest = JSON.parse(readFileSync(manifestPath, "utf8"));
	for (const name of UNUSED_DEPENDENCIES) delete manifest.dependencies[name];
	writeFileSync(manifestPath, JSON.stringify(manifest));
	for (const name of UNUSED_EXTENSIONS) rmSync(join(vscode, "extensions", name), { recursive: true, force: true });
	npm(vscode, "install", "--omit=dev", "--ignore-scripts"); // its shrinkwrap pins versions; `ci` refuses it as out of sync

	placeRipgrep(staging, vscode);

	const nodeHome = join(staging, `node_modules/node-linux-${process.arch}`); // brings the headers that node-gyp needs
	const path = `${join(nodeHome, "bin")}${delimiter}${process.env.PATH}`;
	try {
		npm(vscode, "rebuild", "@vscode/spdlog", { PATH: path, npm_config_nodedir: nodeHome });
	} catch {
		console.error(
			"code-web: spdlog did not compile (C++ compiler and Python needed): log output channels stay empty, the rest works",
		);
	}

	try {
		renameSync(staging, home);
	} catch (error) {
		rmSync(staging, { recursive: true, force: true });
		if (!existsSync(home)) throw error; // otherwise another process was faster
	}
}

/** Older servers search files with a program that a script of its package would fetch; the pin brings it as a package. */
function placeRipgrep(staging, vscode) {
	const packaged = join(staging, "node_modules/@vscode/ripgrep-universal/bin", `linux-${process.arch}`, "rg");
	const wanted = join(vscode, "node_modules/@vscode/ripgrep");
	if (existsSync(packaged) && existsSync(wanted)) cpSync(packaged, join(wanted, "bin/rg"));
}

function npm(cwd, ...args) {
	const env = typeof args.at(-1) === "object" ? args.pop() : {};
	execFileSync("npm", [...args, "--no-audit", "--no-fund", "--loglevel=error"], {
		cwd,
		env: { ...process.env, ...env },
		stdio: ["ignore", 2, 2],
	});
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(ensureHome());
