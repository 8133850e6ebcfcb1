/** Notices that other programs starve a model that decodes on every core. */

/** A pace is judged over at least this long, so that a single hiccup is none. */
const WINDOW_MS = 4_000;
/** Measured on two cores, both of them decoding: one busy process makes 18 tokens a second 0.4, short bursts make them 12. */
const STARVED_FACTOR = 8;
/** Starved, until a usual pace is known. */
const STARVED_MS_PER_TOKEN = 1_000;

/** Thrown in mid-answer: with a core left free the same answer comes sooner. */
export class StarvedError extends Error {
	override readonly name = "StarvedError";
}

export class DecodePace {
	private windowFrom: number | null = null;
	private tokens = 0;

	/** @param usualMsPerToken of the session so far, or null */
	constructor(private readonly usualMsPerToken: number | null) {}

	/**
	 * Counts one streamed token; the first one begins the measurement.
	 * @param now milliseconds of a clock that only goes forward
	 * @returns whether the answer is starved
	 */
	isStarvedAt(now: number): boolean {
		if (this.windowFrom === null) {
			this.windowFrom = now;
			return false;
		}
		this.tokens += 1;
		const elapsed = now - this.windowFrom;
		if (elapsed < WINDOW_MS) return false;
		const msPerToken = elapsed / this.tokens;
		this.windowFrom = now;
		this.tokens = 0;
		return msPerToken > starvedMsPerToken(this.usualMsPerToken);
	}
}

function starvedMsPerToken(usual: number | null): number {
	return usual === null ? STARVED_MS_PER_TOKEN : STARVED_FACTOR * usual;
}
