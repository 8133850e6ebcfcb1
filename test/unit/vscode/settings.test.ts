/** Settings with anything at all in their place: nothing throws, and nothing that the loop cannot use comes of it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { SECTION, SETTINGS } from "../../../src/vscode/ids.ts";
import { HIGHEST, settingsOf } from "../../../src/vscode/settings-values.ts";

interface Property {
	readonly default: unknown;
	readonly enum?: readonly string[];
	readonly maximum?: number;
	readonly type: string;
}

const manifest: {
	readonly contributes: {
		readonly configuration: readonly { readonly properties: Readonly<Record<string, Property>> }[];
	};
} = JSON.parse(readFileSync(join(import.meta.dirname, "../../../package.json"), "utf8"));
const properties = new Map(manifest.contributes.configuration.flatMap((group) => Object.entries(group.properties)));
const propertyOf = (key: string) => properties.get(`${SECTION}.${key}`);
const keys = Object.values(SETTINGS);
const DEFAULTS = settingsOf((key) => propertyOf(key)?.default);
/** An unknown form of worker is the one that shares nothing. */
const CAREFUL = { ...DEFAULTS, probes: { ...DEFAULTS.probes, workers: "off" } };
/** Beyond this a timer of Node's fires at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

const anything = fc.oneof(
	fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true }),
	fc.double(),
	fc.constantFrom(Number.NaN, Infinity, -1, 0, 1e12, 1e308, "", "auto", "on", "__proto__", "constructor", [], {}),
);

test("a value of another kind is as none, and none is the manifest's default", () => {
	expect(settingsOf(() => undefined)).toEqual(CAREFUL);
	const WRONG = [null, {}, { value: 1 }, () => 1, Symbol("x"), 10n, Number.NaN, -1];
	for (const value of WRONG)
		expect(
			settingsOf(() => value),
			String(value),
		).toEqual(CAREFUL);
});

test("numbers end where the manifest says, and are whole", () => {
	const highest = Object.entries(HIGHEST).map(([key, most]) => [key, most]);
	const numbers = keys.filter((key) => /^(integer|number)$/.test(propertyOf(key)?.type ?? ""));
	expect(highest.toSorted()).toEqual(numbers.map((key) => [key, propertyOf(key)?.maximum]).toSorted());
	const largest = settingsOf(() => 1e308);
	expect(largest).toEqual(settingsOf((key) => propertyOf(key)?.maximum ?? 1e308));
	expect(settingsOf(() => 7.9)).toEqual(settingsOf(() => 7));
});

test("whatever stands in each setting, nothing throws and every value is one that can be used", () => {
	fc.assert(
		fc.property(fc.array(anything, { minLength: keys.length, maxLength: keys.length }), (values) => {
			const given = new Map<string, unknown>(keys.map((key, index) => [key, values[index]]));
			const settings = settingsOf((key) => given.get(key));
			const { probes, server } = settings;
			for (const ms of [...Object.values(server.limits), probes.pytestTimeoutMs, probes.ruffTimeoutMs])
				expect(Number.isInteger(ms) && ms >= 1 && ms <= MAX_TIMER_MS, String(ms)).toBe(true);
			for (const count of [
				settings.maxRounds,
				settings.maxMinutes,
				server.contextLength ?? 1,
				probes.memoryLimitMb ?? 1,
			])
				expect(Number.isSafeInteger(count) && count >= 1, String(count)).toBe(true);
			for (const [key, value] of [
				[SETTINGS.approve, settings.approve],
				[SETTINGS.sandbox, probes.sandbox],
				[SETTINGS.chatTools, settings.chatTools],
				[SETTINGS.workers, probes.workers],
				[SETTINGS.backend, server.backend],
				[SETTINGS.besideModel, settings.besideModel],
				[SETTINGS.notify, settings.notify],
				[SETTINGS.showRuffProblems, settings.showRuffProblems],
			] as const)
				expect(propertyOf(key)?.enum).toContain(value);
			// It goes to the engine as JSON.
			expect(JSON.parse(JSON.stringify(settings))).toEqual(settings);
		}),
		{ numRuns: 500 },
	);
});
