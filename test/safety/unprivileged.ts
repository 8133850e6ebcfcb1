/** A user without rights, and an environment with pytest and ruff that this user can reach. */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync } from "node:fs";
import { dirname, join } from "node:path";
import { venvPython, venvRuff } from "../fixtures/venv.ts";

export const NOBODY = 65_534;
export const isRoot = process.getuid?.() === 0;
/** By its full path: the attacks put their own programs on PATH. */
const SETPRIV = ["/usr/bin/setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups", "--"];
const SITE = "import sysconfig; print(sysconfig.get_path('purelib'))";

export interface Unprivileged {
	/** Root of the environment. */
	readonly venv: string;
	/** What stands before a command that runs as that user; empty where the tests run without rights already. */
	readonly drop: readonly string[];
}

/** @param folder that user can read; an environment is made in it where the tests' own has its interpreter in another's home */
export function unprivilegedIn(folder: string): Unprivileged {
	const own = dirname(dirname(venvPython));
	if (!isRoot) return { venv: own, drop: [] };
	if (isReachable(venvPython)) return { venv: own, drop: SETPRIV };
	const base = ["/usr/bin/python3", "/usr/local/bin/python3"].find(isReachable);
	// No interpreter but root's: the sandbox has to hold for root as well.
	if (base === undefined) return { venv: own, drop: [] };
	const venv = join(folder, "venv");
	execFileSync(base, ["-m", "venv", "--without-pip", venv]);
	const site = (python: string) => execFileSync(python, ["-c", SITE], { encoding: "utf8" }).trim();
	cpSync(site(venvPython), site(join(venv, "bin/python")), {
		recursive: true,
		filter: (path) => !/\/(pip|setuptools)[^/]*$/.test(path),
	});
	cpSync(venvRuff, join(venv, "bin/ruff"));
	return { venv, drop: SETPRIV };
}

/** The shell in between looks the program up after the rights are gone. */
function isReachable(python: string): boolean {
	const [program = "", ...args] = [...SETPRIV, "sh", "-c", 'exec "$0" -c ""', python];
	return spawnSync(program, args).status === 0;
}
