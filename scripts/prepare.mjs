/**
 * Fetches what the demo and the tests need besides Node: a virtual environment with ruff and pytest, and on request a browser,
 * bubblewrap, strace and the editor of the host tests. What is there already is kept; what cannot be had is said, with how to get it.
 *
 *   node scripts/prepare.mjs [--browser] [--sandbox] [--faults] [--host]
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const WINDOWS = process.platform === "win32";
const VENV = join(ROOT, ".cache", "venv");
const VENV_BIN = join(VENV, WINDOWS ? "Scripts" : "bin");
const PINS = { ruff: "0.16.9", pytest: "9.1.1" };
const BROWSERS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const BWRAP = "/usr/bin/bwrap";
const STRACE = "/usr/bin/strace";
const APT_LOCK_SECONDS = 300;

/** What is missing and how to get it, in words; everything else that is thrown here is a bug. */
export class PrepareError extends Error {}

/**
 * Makes sure of the parts that are asked for.
 * @param {{ venv?: boolean, browser?: boolean, sandbox?: boolean, faults?: boolean, host?: boolean }} wanted
 * @returns paths of the parts; null for those that were not asked for
 * @throws PrepareError
 */
export async function prepare({ venv = true, browser = false, sandbox = false, faults = false, host = false } = {}) {
	return {
		python: venv ? prepareVenv() : null,
		ruff: venv ? program("ruff") : null,
		venv: venv ? VENV : null,
		browser: browser ? prepareBrowser() : null,
		sandbox: sandbox ? prepareSandbox() : null,
		faults: faults ? prepareFaults() : null,
		host: host ? await prepareHost() : null,
	};
}

function program(name) {
	return join(VENV_BIN, WINDOWS ? `${name}.exe` : name);
}

function prepareVenv() {
	const python = program("python");
	if (existsSync(python) && hasPins(python)) return python;
	const base = findPython();
	if (!existsSync(python) || !answers(python, ["-c", ""])) {
		say(`making a virtual environment with ${base} in .cache/venv`);
		rmSync(VENV, { recursive: true, force: true });
		attempt(
			base,
			["-m", "venv", VENV],
			"Python's venv module does not work. On Debian and Ubuntu: apt-get install -y python3-venv",
		);
	}
	const pins = Object.entries(PINS).map(([name, version]) => `${name}==${version}`);
	say(`installing ${pins.join(" and ")} into it`);
	attempt(
		python,
		["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...pins],
		`pip could not install ${pins.join(" ")}. Check the network, or pip's own configuration (pip config list), and run this again`,
	);
	return python;
}

function hasPins(python) {
	const query = "from importlib.metadata import version; print(version('ruff'), version('pytest'))";
	const result = spawnSync(python, ["-c", query], { encoding: "utf8" });
	return result.status === 0 && result.stdout.trim() === `${PINS.ruff} ${PINS.pytest}`;
}

function findPython() {
	const recent = ["-c", "import sys; sys.exit(sys.version_info < (3, 9))"];
	const found = (WINDOWS ? ["py", "python"] : ["python3", "python"]).find((name) => answers(name, recent));
	if (found !== undefined) return found;
	throw new PrepareError(
		"Python 3.9 or newer was not found on PATH. Install it from python.org, or on Debian and Ubuntu: apt-get install -y python3 python3-venv",
	);
}

function prepareBrowser() {
	const given = process.env.CHROMIUM_PATH;
	if (given !== undefined && given !== "" && !existsSync(given)) {
		throw new PrepareError(`CHROMIUM_PATH names ${given}, which is not there. Name a Chromium, or unset it.`);
	}
	const find = () => [given, ...BROWSERS].find((path) => path && existsSync(path));
	return (
		find() ??
		installPackage("chromium", find) ??
		missing("Chromium", "Install Chromium or Google Chrome and set CHROMIUM_PATH to its program")
	);
}

function prepareSandbox() {
	if (process.platform !== "linux") return null;
	const find = () => (existsSync(BWRAP) ? BWRAP : undefined);
	return find() ?? installPackage("bubblewrap", find) ?? missing("bubblewrap", "Install the package bubblewrap");
}

/** strace, by which tests let system calls fail. */
function prepareFaults() {
	if (process.platform !== "linux") return null;
	const find = () => (existsSync(STRACE) ? STRACE : undefined);
	return find() ?? installPackage("strace", find) ?? missing("strace", "Install the package strace");
}

async function prepareHost() {
	const { ensureHome } = await import("../test/host/code-web/install.mjs");
	return ensureHome();
}

/** Only root on Debian and its kin may; anybody else is told what to run. */
function installPackage(name, find) {
	if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return undefined;
	say(`installing ${name} (apt-get)`);
	const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
	// Another installation may be under way.
	const patience = ["-o", `DPkg::Lock::Timeout=${APT_LOCK_SECONDS}`];
	for (const args of [["update"], ["install", "-y", "--no-install-recommends", name]]) {
		const { status } = spawnSync("apt-get", [...patience, ...args], { stdio: ["ignore", "ignore", "inherit"], env });
		if (status !== 0) return undefined;
	}
	return find();
}

function missing(name, otherwise) {
	throw new PrepareError(
		`${name} was not found. On Debian and Ubuntu: sudo apt-get update && sudo apt-get install -y --no-install-recommends ${name.toLowerCase()}. Elsewhere: ${otherwise}.`,
	);
}

function attempt(command, args, fix) {
	try {
		execFileSync(command, args, { stdio: ["ignore", "ignore", "pipe"], encoding: "utf8" });
	} catch (error) {
		const words = String(error.stderr ?? error.message)
			.trim()
			.slice(-600);
		throw new PrepareError(`${fix}.\n${words}`);
	}
}

function answers(command, args) {
	return spawnSync(command, args, { stdio: "ignore" }).status === 0;
}

/**
 * Runs a script's main function.
 * @param {() => Promise<number>} main
 * @returns {Promise<number>} its exit code, or 2, with the reason on the terminal, where a part that it needs is missing
 */
export async function exitCodeOf(main) {
	try {
		return await main();
	} catch (error) {
		if (!(error instanceof PrepareError)) throw error;
		console.error(error.message);
		return 2;
	}
}

function say(words) {
	console.error(`prepare: ${words} ...`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const has = (name) => process.argv.includes(`--${name}`);
	process.exitCode = await exitCodeOf(async () => {
		const parts = await prepare({
			browser: has("browser"),
			sandbox: has("sandbox"),
			faults: has("faults"),
			host: has("host"),
		});
		for (const [name, part] of Object.entries(parts)) if (typeof part === "string") console.log(`${name}: ${part}`);
		return 0;
	});
}
