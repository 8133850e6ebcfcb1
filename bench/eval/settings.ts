/** What the evaluation can switch: the default, and each ablation as the command line's own options. */

export const SETTINGS: ReadonlyMap<string, readonly string[]> = new Map([
	["default", []],
	["no-cache", ["--set", "probe.cache=off"]],
	["no-selection", ["--set", "probe.affectedTests=off"]],
	["sequential-probes", ["--set", "probe.parallel=off"]],
]);
