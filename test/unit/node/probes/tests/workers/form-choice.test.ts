import { expect, test } from "vitest";
import { createFormChoice, type FormChoice } from "../../../../../../src/node/probes/tests/workers/form-choice.ts";

const ALL = { parked: true, preloaded: true, why: "" };
const ADVICE = { use: "preloaded", why: "conftest.py writes out.txt as it is loaded" } as const;

test.each<readonly [string, (choice: FormChoice) => void, object]>([
	["nothing was seen yet", () => undefined, ALL],
	[
		"pytest advises against parking",
		(choice) => choice.advise(ADVICE),
		{ parked: false, preloaded: true, why: ADVICE.why },
	],
	[
		"pytest must be started anew",
		(choice) => choice.advise({ use: "spawned", why: "pytest-xdist" }),
		{ parked: false, preloaded: false, why: "pytest-xdist" },
	],
	[
		"parking failed",
		(choice) => choice.fail("parked", "no memory"),
		{ parked: false, preloaded: true, why: "pytest could not be made ready: no memory" },
	],
	["the other form failed", (choice) => choice.fail("preloaded", "no memory"), { ...ALL, preloaded: false }],
	["one failed run", (choice) => choice.blame("one"), ALL],
	[
		"two failed runs",
		(choice) => {
			choice.blame("one");
			choice.blame("two");
		},
		{ parked: false, preloaded: false, why: "one; two" },
	],
])("%s", (_, see, expected) => {
	const choice = createFormChoice("auto");
	see(choice);
	expect(choice.allowed()).toEqual(expected);
});

test("what a source file's edit can mend is tried again, what decides how tests run is asked again", () => {
	const choice = createFormChoice("auto");
	choice.advise(ADVICE);
	choice.fail("preloaded", "no memory");
	expect(choice.allowed()).toEqual({
		parked: false,
		preloaded: false,
		why: "pytest could not be made ready: no memory",
	});
	choice.changed(false);
	expect(choice.allowed()).toEqual({ parked: false, preloaded: true, why: ADVICE.why });
	choice.changed(true);
	expect(choice.allowed()).toEqual(ALL);
});

test("a setting allows no more than it says", () => {
	expect(createFormChoice("off").allowed()).toMatchObject({ parked: false, preloaded: false });
	expect(createFormChoice("preloaded").allowed()).toMatchObject({ parked: false, preloaded: true });
});
