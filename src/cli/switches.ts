/** `--set NAME=on|off`: the editor's switches of the probes, by the same names, for the command line. */
import { UserError } from "../core/errors.ts";
import type { ProbeSettings } from "../core/probes/engine-messages.ts";

type Switch = { [K in keyof ProbeSettings]: ProbeSettings[K] extends boolean ? K : never }[keyof ProbeSettings];

/** Settings of the editor (without `jetbox.`) -> what they switch. */
const SWITCHES: ReadonlyMap<string, Switch> = new Map([
	["probe.ruff", "ruffEnabled"],
	["probe.pytest", "pytestEnabled"],
	["probe.cache", "cacheEnabled"],
	["probe.parallel", "parallel"],
	["probe.lintChangedOnly", "lintChangedOnly"],
	["probe.affectedTests", "affectedTests"],
	["probe.residentLint", "residentLint"],
	["probe.safeFixes", "safeFixes"],
	["probe.defaultSelect", "defaultSelect"],
	["probe.skipPytestWithoutTests", "skipPytestWithoutTests"],
]);

/**
 * @param given such as `probe.cache=off`
 * @throws UserError `usage`
 */
export function parseSwitches(given: readonly string[]): Partial<ProbeSettings> {
	const set: { -readonly [K in Switch]?: boolean } = {};
	for (const text of given) {
		const [name = "", value] = text.split("=", 2);
		const known = SWITCHES.get(name);
		if (known === undefined) {
			throw new UserError(
				"usage",
				`--set knows no switch "${name}".`,
				`The switches are ${[...SWITCHES.keys()].join(", ")}.`,
			);
		}
		if (value !== "on" && value !== "off")
			throw new UserError(
				"usage",
				`--set ${name} takes on or off; "${value ?? ""}" is neither.`,
				`Write --set ${name}=off.`,
			);
		set[known] = value === "on";
	}
	return set;
}
