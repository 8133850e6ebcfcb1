/** bubblewrap's command line for whatever can run workspace code: system and interpreter readable, the workspace writable, no home, no network. */

export interface SandboxPlan {
	readonly root: string;
	/** Parts of the workspace that stay as they are, absolute; those that are gone by then are passed over. */
	readonly readOnly: readonly string[];
	/** Folders at the workspace's top that are not there and must not be made: empty and read-only, absolute. */
	readonly masked: readonly string[];
	/** System folders and interpreter prefixes, absolute; they exist. */
	readonly readable: readonly string[];
	/** Links at the top such as /lib -> usr/lib. */
	readonly links: readonly { readonly from: string; readonly to: string }[];
	/** The probe's own temporary folder, or null. */
	readonly privateDir: string | null;
	readonly env: Readonly<Record<string, string>>;
	/** Only where the person opened the network for this workspace. */
	readonly network: boolean;
	/** Whether this bubblewrap can close user namespaces to what runs in it (0.8 and newer). */
	readonly canCloseNamespaces: boolean;
}

/** Where the tests believe to be at home. */
export const SANDBOX_HOME = "/tmp/home";

/** Of /tmp, in bytes: it is memory. */
const MAX_TMP_BYTES = 1024 * 1024 * 1024;

/** Variables that point into the person's own folders, or at things that are not there. */
const DROPPED = new Set(["HOME", "TMPDIR", "TMP", "TEMP"]);

/**
 * Arguments of `bwrap` before the program's own. A later mount lies over an earlier one, so their order is the policy.
 * Without `--cap-drop ALL` what root starts keeps its capabilities in the sandbox, and could unmount what is read-only.
 */
export function sandboxArguments(plan: SandboxPlan): readonly string[] {
	const { root, readOnly, masked, readable, links, privateDir, env } = plan;
	const kept = Object.entries(env).filter(([name]) => !DROPPED.has(name));
	const tmp = privateDir ?? "/tmp";
	const variables = [...kept, ["HOME", SANDBOX_HOME], ["TMPDIR", tmp]];
	return [
		"--unshare-all",
		...(plan.network ? ["--share-net"] : []),
		...(plan.canCloseNamespaces ? ["--unshare-user", "--disable-userns"] : []),
		"--cap-drop",
		"ALL",
		"--die-with-parent",
		"--new-session",
		"--clearenv",
		"--proc",
		"/proc",
		"--dev",
		"/dev",
		"--size",
		String(MAX_TMP_BYTES),
		"--tmpfs",
		"/tmp",
		"--dir",
		SANDBOX_HOME,
		...links.flatMap(({ from, to }) => ["--symlink", to, from]),
		...readable.flatMap((path) => ["--ro-bind", path, path]),
		"--bind",
		root,
		root,
		...readOnly.flatMap((path) => ["--ro-bind-try", path, path]),
		...masked.flatMap((path) => ["--tmpfs", path, "--remount-ro", path]),
		...(privateDir === null ? [] : ["--bind", privateDir, privateDir]),
		...variables.flatMap(([name = "", value = ""]) => ["--setenv", name, value]),
		"--chdir",
		root,
		"--",
	];
}
