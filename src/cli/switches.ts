/** `--set NAME=on|off`: the editor's switches of the probes, by the same names, and the parts of the loop. */
import { UserError } from "../core/errors.ts";
import type { LoopSwitches } from "../core/loop-switches.ts";
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
	["probe.unsafeFixes", "unsafeFixes"],
	["probe.defaultSelect", "defaultSelect"],
	["probe.skipPytestWithoutTests", "skipPytestWithoutTests"],
	["probe.twoWorkers", "twoWorkers"],
	["probe.adaptiveTimeout", "adaptiveTimeout"],
]);

const LOOP_SWITCHES: ReadonlyMap<string, keyof LoopSwitches> = new Map([
	["loop.delta", "delta"],
	["loop.codeContext", "codeContext"],
	["loop.continuation", "continuation"],
	["loop.editTool", "editTool"],
	["loop.escalation", "escalation"],
	["loop.localImports", "localImports"],
	["loop.missingImports", "missingImports"],
	["loop.resampling", "resampling"],
	["loop.rewriting", "rewriting"],
	["loop.syntaxGate", "syntaxGate"],
]);

/**
 * The switches of the probes.
 * @param given such as `probe.cache=off`
 * @throws UserError `usage`
 */
export function parseProbeSwitches(given: readonly string[]): Partial<ProbeSettings> {
	return switched(given, SWITCHES);
}

/**
 * The switches of a run: those of the probes, and the parts of the loop, which the editor has no settings for.
 * @throws UserError `usage`
 */
export function parseRunSwitches(given: readonly string[]): {
	readonly switches: Partial<ProbeSettings>;
	readonly loop: Partial<LoopSwitches>;
} {
	const ofLoop = (text: string) => text.startsWith("loop.");
	return {
		switches: switched(
			given.filter((text) => !ofLoop(text)),
			SWITCHES,
		),
		loop: switched(given.filter(ofLoop), LOOP_SWITCHES),
	};
}

function switched<K extends string>(given: readonly string[], known: ReadonlyMap<string, K>): { [key in K]?: boolean } {
	const set: { [key in K]?: boolean } = {};
	for (const text of given) {
		const [name = "", value] = text.split("=", 2);
		const part = known.get(name);
		if (part === undefined) {
			throw new UserError(
				"usage",
				`--set knows no switch "${name}".`,
				`The switches are ${[...known.keys()].join(", ")}.`,
			);
		}
		if (value !== "on" && value !== "off")
			throw new UserError(
				"usage",
				`--set ${name} takes on or off; "${value ?? ""}" is neither.`,
				`Write --set ${name}=off.`,
			);
		set[part] = value === "on";
	}
	return set;
}
