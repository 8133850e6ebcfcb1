/** When the whole suite runs beside the model, what ends it, and that nothing but its word makes green. */
import { describe, expect, test } from "vitest";
import type { EventSink, RunEvent } from "../../../src/core/events.ts";
import {
	expectWellFormed,
	FAILING,
	GREEN,
	type Ran,
	READ,
	runWith,
	type Setting,
	WRITE,
} from "../../fakes/scripted-run.ts";

const AFFECTED = { ...GREEN, scope: "affected" } as const;
const BUILD = { task: "Add a function that doubles" } as const;
const DONE = "The function is there.";

/** A run whose full probes beside the model wait for an event. */
async function runBeside(setting: Setting, openAt: (event: RunEvent) => boolean): Promise<Ran> {
	let open: () => void = () => undefined;
	const gate = new Promise<void>((resolve) => {
		open = resolve;
	});
	const opener: EventSink = (event) => {
		if (openAt(event)) open();
	};
	const hold: Setting["hold"] = ({ background }) => (background === true ? gate : undefined);
	const ran = await runWith({ hold, sinks: [opener], ...setting, options: { ...BUILD, ...setting.options } });
	expectWellFormed(ran.recorder, ran.outcome);
	return ran;
}

const asked = ({ probes }: Ran) =>
	probes.requests.map(({ scope, background }) => (background === true ? `${scope} beside` : scope));
const states = ({ recorder }: Ran) => recorder.of("verdict").map(({ state }) => state);
const lastWords = ({ model }: Ran, call: number) => model.requests[call]?.messages.at(-1)?.content ?? "";
const never = () => false;
const inSecondRound =
	(type: RunEvent["type"]) =>
	(event: RunEvent): boolean =>
		event.type === type && "round" in event && event.round === 2;

describe("the whole suite runs beside the model", () => {
	test("the model is asked meanwhile, under an honest name; a green that came meanwhile is the last word, with no second run", async () => {
		const ran = await runBeside(
			{ reports: [GREEN, AFFECTED, GREEN], answers: [WRITE, DONE], model: { delayMs: 100 } },
			inSecondRound("model-started"),
		);
		expect(asked(ran)).toEqual(["full", "affected", "full beside"]);
		expect(states(ran)).toEqual(["green", "affected-green", "green"]);
		expect(lastWords(ran, 1)).toContain("The affected tests pass and lint is clean; full run pending.");
		expect(ran.outcome).toMatchObject({ kind: "green" });
		expect(ran.recorder.of("probe-finished").filter(({ background }) => background === true)).toHaveLength(2);
	});

	test("where the model is done first, the run waits for it", async () => {
		const ran = await runBeside(
			{ reports: [GREEN, AFFECTED, GREEN], answers: [WRITE, DONE] },
			inSecondRound("model-finished"),
		);
		expect(asked(ran)).toEqual(["full", "affected", "full beside"]);
		expect(ran.outcome).toMatchObject({ kind: "green" });
	});

	test("what fails in it alone is told to a model that said it was done", async () => {
		const elsewhere = { failing: { "test_far.py::test_far": "assert 3 == 4" } };
		const ran = await runBeside(
			{
				reports: [GREEN, AFFECTED, elsewhere, elsewhere, AFFECTED, GREEN],
				answers: [WRITE, DONE, WRITE, DONE],
			},
			inSecondRound("model-finished"),
		);
		expect(states(ran).slice(0, 4)).toEqual(["green", "affected-green", "failing", "failing"]);
		expect(lastWords(ran, 2)).toContain("FAIL test_far.py::test_far");
		expect(ran.outcome).toMatchObject({ kind: "green" });
	});

	test("a write ends it, and what it would have said of the content before is never told", async () => {
		const ran = await runBeside(
			{ reports: [GREEN, AFFECTED, GREEN, FAILING, FAILING], answers: [WRITE, WRITE], options: { maxRounds: 2 } },
			never,
		);
		const beside = ran.recorder.of("probe-finished").filter(({ background }) => background === true);
		expect(beside.map((event) => event.status === "not-run" && event.reason)).toEqual(["cancelled", "cancelled"]);
		const order = ran.recorder.types();
		const write = ran.recorder.of("tool-finished").at(-1)?.seq ?? 0;
		expect(beside.every(({ seq }) => seq < write)).toBe(true);
		expect(order.filter((type) => type === "verdict")).toHaveLength(3);
		expect(ran.outcome.kind).toBe("stopped");
	});

	test("a round that only reads leaves it alone", async () => {
		const ran = await runBeside(
			{ reports: [GREEN, AFFECTED, GREEN, AFFECTED], answers: [WRITE, READ, DONE] },
			(event) => event.type === "model-finished" && event.round === 3,
		);
		expect(asked(ran)).toEqual(["full", "affected", "full beside", "affected"]);
		expect(ran.outcome).toMatchObject({ kind: "green" });
	});

	test("one that was cut off is asked again before the run ends", async () => {
		const starved = { pytest: "timed-out" } as const;
		const ran = await runBeside(
			{ reports: [GREEN, AFFECTED, starved, GREEN], answers: [WRITE, DONE] },
			inSecondRound("model-started"),
		);
		expect(asked(ran)).toEqual(["full", "affected", "full beside", "full"]);
		expect(ran.outcome).toMatchObject({ kind: "green" });
	});

	test("a failure that no ordinary run confirmed is not believed: the whole is asked again before the run ends", async () => {
		const ran = await runBeside(
			{ reports: [GREEN, AFFECTED, { pytest: "unconfirmed" }, GREEN], answers: [WRITE, DONE] },
			inSecondRound("model-started"),
		);
		expect(asked(ran)).toEqual(["full", "affected", "full beside", "full"]);
		expect(states(ran)).toEqual(["green", "affected-green", "green"]);
		expect(ran.outcome).toMatchObject({ kind: "green" });
	});
});

describe("the whole suite does not run beside the model", () => {
	test("where the model computes on this machine's processor: it has the last word all the same", async () => {
		const ran = await runBeside(
			{ reports: [GREEN, AFFECTED, GREEN], answers: [WRITE, DONE], model: { sharesProcessor: true } },
			never,
		);
		// The first run took 5 ms (test/fakes/reports.ts): so quick a suite is not put off.
		expect(asked(ran)).toEqual(["full", "affected", "full"]);
		expect(states(ran)).toEqual(["green", "affected-green", "green"]);
		expect(ran.outcome).toMatchObject({ kind: "green" });
	});

	test("a slow suite is put off there until the model says that it is done", async () => {
		const slow = { ...GREEN, durationMs: 30_000 };
		const ran = await runBeside(
			{
				reports: [slow, AFFECTED, { ...AFFECTED, changedFiles: ["a.py"] }, slow],
				answers: [WRITE, READ, DONE],
				model: { sharesProcessor: true },
			},
			never,
		);
		expect(asked(ran)).toEqual(["full", "affected", "affected", "full"]);
		expect(lastWords(ran, 2)).toContain("full run pending");
		expect(ran.outcome).toMatchObject({ kind: "green" });
	});

	test("but it does where that is the person's choice, and does not where the person forbids it", async () => {
		const setting = { reports: [GREEN, AFFECTED, GREEN], answers: [WRITE, DONE] };
		const always = { ...setting, model: { sharesProcessor: true }, options: { besideModel: "always" } } as const;
		const forbidden = { ...setting, options: { besideModel: "never" } } as const;
		expect(asked(await runBeside(always, inSecondRound("model-started"))).at(-1)).toBe("full beside");
		expect(asked(await runBeside(forbidden, never)).at(-1)).toBe("full");
	});

	test("where the task is nothing but green: there is nothing to ask before its word", async () => {
		const ran = await runBeside(
			{
				reports: [FAILING, AFFECTED, GREEN],
				answers: [WRITE],
				options: { task: "Make the failing tests pass" },
			},
			never,
		);
		expect(asked(ran)).toEqual(["full", "affected", "full"]);
		expect(ran.model.requests).toHaveLength(1);
		expect(ran.outcome).toMatchObject({ kind: "green" });
	});

	test("where all tests were affected and lint alone judged a part: that word is waited for as well", async () => {
		const ran = await runBeside(
			{
				reports: [FAILING, { ...GREEN, lintScope: "affected" }, GREEN],
				answers: [WRITE],
				options: { task: "Make the failing tests pass" },
			},
			never,
		);
		expect(states(ran)).toEqual(["failing", "affected-green", "green"]);
		expect(ran.model.requests).toHaveLength(1);
		expect(ran.outcome).toMatchObject({ kind: "green" });
	});
});
