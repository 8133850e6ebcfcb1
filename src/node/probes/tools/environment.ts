/** The environment that probes see: a short list, so that tokens, agents and PYTHONPATH stay out. */

const ALLOWED = [
	"HOME",
	"USER",
	"LOGNAME",
	"LANG",
	"LC_ALL",
	"LC_CTYPE",
	"TZ",
	"PATH",
	"TMPDIR",
	"TEMP",
	"TMP",
	"SYSTEMROOT",
	"PATHEXT",
	"COMSPEC",
	"USERPROFILE",
	"VIRTUAL_ENV",
	"CONDA_PREFIX",
] as const;

/** Picks the allowed variables. */
export function probeEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
	const picked: Record<string, string> = {};
	for (const name of ALLOWED) {
		const value = env[name];
		if (value !== undefined) picked[name] = value;
	}
	return picked;
}
