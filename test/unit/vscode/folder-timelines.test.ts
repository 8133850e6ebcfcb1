/** Events of several folders at once: each folder's timeline holds its own. */
import { expect, test } from "vitest";
import { FolderTimelines } from "../../../src/vscode/folder-timelines.ts";
import { createManualClock } from "../../fakes/manual-clock.ts";

test("a probe's events stay its folder's, also where another folder is told of meanwhile", () => {
	const heard: string[] = [];
	const timelines = new FolderTimelines(
		createManualClock(),
		({ root, event }) => heard.push(`${root} ${event.type}`),
		(error) => expect.unreachable(String(error)),
	);
	const probe = timelines.emitterFor("b");
	probe({ type: "probe-started", round: 0, probe: "ruff", scope: "full", wave: null });
	timelines.emitterFor("a")({ type: "undone", files: ["x.py"] });
	probe({
		...{ type: "verdict", round: 0, filesMs: 0, durationMs: 1, files: [] },
		...{ state: "green", detail: "3 tests pass", failing: [], findings: 0, delta: { fixed: 0, added: 0, still: 0 } },
	});
	expect(heard).toEqual(["b probe-started", "a undone", "b verdict"]);
	expect(timelines.of("a").verdict).toBeNull();
	expect(timelines.of("b").verdict?.state).toBe("green");
	expect(timelines.of("c").verdict).toBeNull();
});
