/** pytest's command line. */

export interface PytestPlan {
	/** Absolute root of the workspace. */
	readonly root: string;
	/** The workspace's own configuration file, relative to the root, or null. */
	readonly config: string | null;
	/** Private folder for temporary files and pytest's cache, outside the workspace. */
	readonly privateDir: string;
	/** The null device of the platform. */
	readonly nullDevice: string;
}

/**
 * Arguments for pytest.main. The root, the configuration and the temporary folders are named, so that a pytest.ini above the
 * workspace has no say and `addopts=--basetemp=DIR` cannot make pytest empty a folder; what the project chose otherwise stays.
 */
export function pytestArguments({ root, config, privateDir, nullDevice }: PytestPlan): readonly string[] {
	return [
		"-q",
		"--color=no",
		`--rootdir=${root}`,
		"-c",
		config === null ? nullDevice : `${root}/${config}`,
		`--confcutdir=${root}`,
		`--basetemp=${privateDir}/pytest`,
		"-o",
		`cache_dir=${privateDir}/cache`,
	];
}

/** Names of pytest's configuration files in its own order, each with the table that makes it count (null: its presence does). */
const CONFIGS: readonly (readonly [string, RegExp | null])[] = [
	["pytest.toml", null],
	[".pytest.toml", null],
	["pytest.ini", null],
	[".pytest.ini", null],
	["pyproject.toml", /^\s*\[\s*tool\s*\.\s*pytest\s*[.\]]/m],
	["tox.ini", /^\[pytest\]/m],
	["setup.cfg", /^\[tool:pytest\]/m],
];

/** Files at the root that may configure pytest. */
export const PYTEST_CONFIGS: readonly string[] = CONFIGS.map(([name]) => name);

/** The file at the workspace's root that configures pytest. @param read its text, or null where there is none */
export function pytestConfigOf(read: (name: string) => string | null): string | null {
	const found = CONFIGS.find(([name, table]) => {
		const text = read(name);
		return text !== null && (table === null || table.test(text));
	});
	return found?.[0] ?? null;
}
