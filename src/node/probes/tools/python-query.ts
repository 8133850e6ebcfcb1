/** What an interpreter is asked for itself, and its answer. */
import { isRecord, parseRecord } from "../../../core/json-record.ts";

export interface QueriedPython {
	/** As it is called; in a virtual environment the environment's own. */
	readonly path: string;
	readonly version: string;
	/** pytest's version, or null where it is not installed. */
	readonly pytest: string | null;
	readonly hasRuffModule: boolean;
	/** Folders that the interpreter loads from. */
	readonly prefixes: readonly string[];
	/** Folders of packages: what of its import path is not the standard library, and where pip installs to. */
	readonly sites: readonly string[];
	/** Folders of packages that are installed in place. */
	readonly editable: readonly string[];
}

/** Before the answer: a .pth file or a sitecustomize may print, too. */
const MARK = "jetbox-python:";

/** The import path is the one that tests get. The working folder leaves it before anything is loaded that the workspace may have, too. */
const QUERY = `
import sys
sys.path[:] = [entry for entry in sys.path if entry]
import importlib.util, json, os, site, sysconfig
from importlib import metadata
from urllib.parse import unquote, urlsplit
def version(name):
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
def editable():
    for distribution in metadata.distributions():
        try:
            origin = json.loads(distribution.read_text("direct_url.json") or "{}")
            if origin.get("dir_info", {}).get("editable"):
                path = unquote(urlsplit(origin["url"]).path)
                yield os.path.abspath(path[1:] if os.name == "nt" else path)
        except Exception:
            pass
standard = {os.path.normcase(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib")}
standard |= {os.path.join(folder, "lib-dynload") for folder in standard}
sites = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
sites |= {os.path.abspath(entry) for entry in sys.path if os.path.exists(entry)}
if site.ENABLE_USER_SITE:
    sites.add(site.getusersitepackages())
print("\\n${MARK}" + json.dumps({
    "path": sys.executable,
    "version": "%d.%d.%d" % sys.version_info[:3],
    "pytest": version("pytest") if importlib.util.find_spec("pytest") else None,
    "ruff": importlib.util.find_spec("ruff") is not None,
    "prefixes": sorted({sys.prefix, sys.base_prefix, sys.exec_prefix}),
    "sites": sorted(entry for entry in sites if os.path.normcase(entry) not in standard),
    "editable": sorted(set(editable())),
}))
`;

/** @param isConfined as the tests will be: from the sandbox nobody sees packages in the home folder */
export function pythonQuery(isConfined: boolean): readonly string[] {
	return [...(isConfined ? ["-s"] : []), "-c", QUERY];
}

/** @returns null for what is no answer */
export function parsePythonAnswer(output: string): QueriedPython | null {
	const line = output.split(/\r?\n/).find((text) => text.startsWith(MARK));
	const value = line === undefined ? null : parseRecord(line.slice(MARK.length));
	if (!isRecord(value)) return null;
	const { path, version, pytest, ruff, prefixes, sites, editable } = value;
	if (typeof path !== "string" || typeof version !== "string") return null;
	if (!isTexts(prefixes) || !isTexts(sites) || !isTexts(editable)) return null;
	return {
		...{ path, version, prefixes, sites, editable },
		pytest: typeof pytest === "string" ? pytest : null,
		hasRuffModule: ruff === true,
	};
}

function isTexts(value: unknown): value is readonly string[] {
	return Array.isArray(value) && value.every((entry) => typeof entry === "string");
}
