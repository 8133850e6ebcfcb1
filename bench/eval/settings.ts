/** What the evaluation can switch: the default, and each ablation as the command line's own options. */

export const SETTINGS: ReadonlyMap<string, readonly string[]> = new Map([
	["default", []],
	["no-cache", ["--set", "probe.cache=off"]],
	["sequential-probes", ["--set", "probe.parallel=off"]],
]);
