/** Rows on S: an edit that passes, one that breaks, the sandbox's price, a burst of probes. */
import type { BenchContext } from "../context.ts";
import type { FileEdits } from "../edits.ts";
import { assertGreen, type BenchEngine } from "../engine.ts";
import { fasterRow, type Result, type Spread, short, spreadOf, takeTurns, timed, words } from "../measure.ts";
import { generateSmall, SMALL_BREAK, SMALL_MODULE } from "../workspaces/small.ts";
import { engineCopy, plainCopy } from "./edited-copy.ts";

const PASS_GOAL = 12;
const BREAK_GOAL = 8;
const SANDBOX_GOAL = 1.1;
const BURST = 5;
const PLAIN = "ruff, then pytest";

export async function smallRows(context: BenchContext): Promise<readonly Result[]> {
	const { plain: environment, amounts } = context;
	const small = generateSmall();
	const edited = { file: SMALL_MODULE, breaking: SMALL_BREAK };
	const plain = plainCopy(context, environment, small, edited, "plain");
	const ours = await engineCopy(context, environment, small, edited, "engine");
	const confined = await engineCopy(context, environment, small, edited, "sandbox", { sandbox: "on" });
	const of = await takeTurns(amounts.pairs, [
		{ name: "plain pass", sample: plain.pass },
		{ name: "pass", sample: ours.pass, times: 3 },
		{ name: "pass in sandbox", sample: confined.pass, times: 3 },
		{ name: "plain break", sample: plain.break },
		{ name: "break", sample: ours.break, times: 3 },
	]);
	const [one, other] = [of("pass"), of("plain pass")];
	return [
		fasterRow({ id: "probe-S-pass", what: "S, an edit that passes", one, other, otherName: PLAIN, goal: PASS_GOAL }),
		fasterRow({
			id: "probe-S-break",
			what: "S, an edit that breaks",
			one: of("break"),
			other: of("plain break"),
			otherName: PLAIN,
			goal: BREAK_GOAL,
		}),
		sandboxRow(of("pass in sandbox"), one),
		burstRow(await bursts(ours.engine, ours.edits, amounts.pairs), other),
	];
}

/** Milliseconds of one verdict, on the average of a burst. */
async function bursts(engine: BenchEngine, edits: FileEdits, rounds: number): Promise<Spread> {
	const samples: number[] = [];
	for (let round = 0; round < rounds; round += 1) {
		const all = await timed(async () => {
			for (let probe = 0; probe < BURST; probe += 1) {
				edits.pass();
				assertGreen(await engine.probe("affected"));
			}
		});
		samples.push(all / BURST);
		await engine.rest();
	}
	return spreadOf(samples);
}

function sandboxRow(inside: Spread, outside: Spread): Result {
	const ratio = inside.median / outside.median;
	return {
		id: "sandbox",
		what: `S, an edit's verdict inside the sandbox ${words(inside)} against outside ${words(outside)}`,
		measured: `${ratio.toFixed(2)}x`,
		goal: `<= ${SANDBOX_GOAL}x`,
		met: ratio <= SANDBOX_GOAL,
		figures: { insideMs: inside, outsideMs: outside, ratio },
	};
}

function burstRow(each: Spread, plain: Spread): Result {
	const ratio = plain.median / each.median;
	return {
		id: "burst",
		what: `S, ${BURST} edits and verdicts without a pause, each ${words(each)} against ${PLAIN} ${words(plain)}`,
		measured: `${short(ratio)}x`,
		goal: "published",
		met: true,
		figures: { eachMs: each, againstMs: plain, ratio },
	};
}
