/** What the evaluation can switch of Jetbox: the default, and each ablation as the command line's own options. */

const SETTINGS: ReadonlyMap<string, readonly string[]> = new Map([
	["default", []],
	["no-cache", ["--set", "probe.cache=off"]],
	["sequential-probes", ["--set", "probe.parallel=off"]],
	["no-selection", ["--set", "probe.affectedTests=off"]],
	["no-fixes", ["--set", "probe.safeFixes=off", "--set", "probe.unsafeFixes=off"]],
	["no-unsafe-fixes", ["--set", "probe.unsafeFixes=off"]],
	["native", ["--protocol", "native"]],
	["schema", ["--protocol", "schema"]],
	["text", ["--protocol", "text"]],
	["whole-files", ["--set", "loop.editTool=off"]],
	["no-context", ["--set", "loop.codeContext=off"]],
	["no-continuation", ["--set", "loop.continuation=off"]],
	["no-delta", ["--set", "loop.delta=off"]],
	["no-local-imports", ["--set", "loop.localImports=off"]],
	["no-missing-imports", ["--set", "loop.missingImports=off"]],
	["no-resampling", ["--set", "loop.resampling=off"]],
	["no-rewriting", ["--set", "loop.rewriting=off"]],
	["no-syntax-gate", ["--set", "loop.syntaxGate=off"]],
	["no-escalation", ["--set", "loop.escalation=off"]],
]);

export const SETTING_NAMES: readonly string[] = [...SETTINGS.keys()];

/**
 * Options of a setting, or of several that are joined, such as `text+no-cache`.
 * @returns null where one of them is not known
 */
export function optionsOfSetting(setting: string): readonly string[] | null {
	const options = setting.split("+").map((name) => SETTINGS.get(name));
	return options.every((given) => given !== undefined) ? options.flat() : null;
}
