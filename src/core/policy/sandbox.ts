/** bubblewrap's command line for probes: system and interpreter readable, the workspace writable but for .git, no network, no home. */

export interface SandboxPlan {
	readonly root: string;
	/** Parts of the workspace that stay read-only (`.git`), absolute; they exist. */
	readonly readOnly: readonly string[];
	/** System folders and interpreter prefixes, absolute; they exist. */
	readonly readable: readonly string[];
	/** Links at the top such as /lib -> usr/lib. */
	readonly links: readonly { readonly from: string; readonly to: string }[];
	/** The probe's own temporary folder, or null. */
	readonly privateDir: string | null;
	readonly env: Readonly<Record<string, string>>;
}

/** Where the tests believe to be at home. */
export const SANDBOX_HOME = "/tmp/home";

/** Variables that point into the person's own folders, or at things that are not there. */
const DROPPED = new Set(["HOME", "TMPDIR", "TMP", "TEMP"]);

/** Arguments of `bwrap` before the program's own. A later mount lies over an earlier one, so their order is the policy. */
export function sandboxArguments(plan: SandboxPlan): readonly string[] {
	const { root, readOnly, readable, links, privateDir, env } = plan;
	const kept = Object.entries(env).filter(([name]) => !DROPPED.has(name));
	const tmp = privateDir ?? "/tmp";
	const variables = [...kept, ["HOME", SANDBOX_HOME], ["TMPDIR", tmp]];
	return [
		"--unshare-all",
		"--die-with-parent",
		"--new-session",
		"--clearenv",
		"--proc",
		"/proc",
		"--dev",
		"/dev",
		"--tmpfs",
		"/tmp",
		"--dir",
		SANDBOX_HOME,
		...links.flatMap(({ from, to }) => ["--symlink", to, from]),
		...readable.flatMap((path) => ["--ro-bind", path, path]),
		"--bind",
		root,
		root,
		...readOnly.flatMap((path) => ["--ro-bind", path, path]),
		...(privateDir === null ? [] : ["--bind", privateDir, privateDir]),
		...variables.flatMap(([name = "", value = ""]) => ["--setenv", name, value]),
		"--chdir",
		root,
		"--",
	];
}
