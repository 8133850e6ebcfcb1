/** The first step of a probe: the look, and the tests that begin before it where a glance tells what has changed. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { ProbeProgress } from "../../core/ports.ts";
import type { TestReport } from "../../core/probes/report.ts";
import type { Content } from "./content/content.ts";
import type { Looks } from "./content/looks.ts";
import type { Asking, Judged } from "./judging.ts";
import type { TestJudge } from "./tests/test-judge.ts";
import type { Toolchain, ToolchainFinder } from "./tools/interpreter.ts";

export interface Begun {
	/** Of the look, which was whole. */
	readonly content: Content;
	readonly toolchain: Toolchain;
	/** What looking took. */
	readonly filesMs: number;
	/** Tests of this very content that are under way; null where none have begun. */
	readonly early: Promise<Judged<TestReport>> | null;
}

/**
 * Looks at the workspace. A look at thousands of files takes longer than a glance at the few that change as a rule, so that the
 * tests of what the glance saw begin first (of 1,000 files 3 of 24 ms until the first failing test was told, measured on
 * 2026-11-30); where the look finds more, they are ended, and nothing that they told is passed on.
 * @param whyOf why a content is judged; for people
 * @throws signal.reason; UserError `workspace-gone`
 */
export async function beginProbe(
	parts: {
		readonly looks: Looks;
		readonly toolchain: ToolchainFinder;
		readonly judge: TestJudge["judge"];
		readonly mayBeginEarly: boolean;
		readonly whyOf: (content: Content) => string;
	},
	asked: Pick<Asking, "request" | "onProgress" | "signal">,
): Promise<Begun> {
	const { looks, judge, mayBeginEarly, whyOf } = parts;
	const { request, onProgress, signal } = asked;
	const startedAt = performance.now();
	const glimpsed = mayBeginEarly ? looks.glance(request.changed ?? []) : null;
	const content = glimpsed ?? looks.look();
	const glanceMs = performance.now() - startedAt;
	const toolchain = await parts.toolchain.find(signal);
	if (glimpsed === null) return { content, toolchain, filesMs: glanceMs, early: null };

	const premature = new AbortController();
	const news = holdBack(onProgress);
	const early = judge(content, {
		...{ request, toolchain, why: whyOf(content), onProgress: news.tell },
		signal: AbortSignal.any([signal, premature.signal]),
	});
	// Where they fail before the look is through, nobody waits for them yet.
	early.catch(() => undefined);
	const giveUp = async (reason: unknown): Promise<void> => {
		premature.abort(reason);
		await early.catch(() => undefined);
	};
	try {
		await nextTurn();
		const lookedAt = performance.now();
		const whole = looks.look();
		const filesMs = glanceMs + performance.now() - lookedAt;
		if (whole === content) {
			news.release();
			return { content, toolchain, filesMs, early };
		}
		await giveUp(new DOMException("More has changed than a glance told.", "AbortError"));
		return { content: whole, toolchain, filesMs, early: null };
	} catch (error) {
		await giveUp(error);
		throw error;
	}
}

/** Progress that is told once it is known to count. */
function holdBack(onProgress: (progress: ProbeProgress) => void) {
	const held: ProbeProgress[] = [];
	let isReleased = false;
	return {
		tell: (progress: ProbeProgress) => (isReleased ? onProgress(progress) : void held.push(progress)),
		release: () => {
			isReleased = true;
			for (const progress of held) onProgress(progress);
		},
	};
}
