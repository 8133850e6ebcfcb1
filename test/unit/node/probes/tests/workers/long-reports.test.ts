/** Copies of one process write to the same end: what they say at the same time, and at length, must not run into each other. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { startWorker } from "../../../../../../src/node/probes/tests/workers/worker-process.ts";
import { pythonDir } from "../../../../../fixtures/probe-engine.ts";
import { venvPython } from "../../../../../fixtures/venv.ts";
import { temporaryWorkspace } from "../../../../../fixtures/workspace.ts";

const SPEAKERS = 4;
const RECORDS = 60;
const CHARS = 90_000;

const SCRIPT = `
import os, sys
sys.path.insert(0, ${JSON.stringify(pythonDir)})
import jetbox_stream
stream = jetbox_stream.Stream(3)
children = []
for run in range(${SPEAKERS}):
    pid = os.fork()
    if pid == 0:
        stream.speak_for(run)
        for number in range(${RECORDS}):
            stream.keep(kind="short", number=number)
            stream.send(kind="long", number=number, text=chr(97 + run) * ${CHARS})
        os._exit(0)
    children.append(pid)
for pid in children:
    os.waitpid(pid, 0)
`;

test.skipIf(process.platform === "win32")("each record arrives whole and in order, whoever else speaks", async () => {
	const root = temporaryWorkspace({ "speak.py": SCRIPT });
	const worker = startWorker({ command: venvPython, args: [join(root, "speak.py")], env: {} }, root, "tag");
	const heard = new Map<unknown, string[]>();
	worker.listen(({ run, kind, number, text }) => {
		const said = text === undefined ? "" : ` ${String(text).length} ${new Set(String(text)).size}`;
		heard.set(run, [...(heard.get(run) ?? []), `${kind} ${number}${said}`]);
	});
	expect(await worker.ended).toMatchObject({ kind: "exited", code: 0 });
	const all = Array.from({ length: RECORDS }, (_, number) => [`short ${number}`, `long ${number} ${CHARS} 1`]).flat();
	expect([...heard.keys()].sort()).toEqual(Array.from({ length: SPEAKERS }, (_, run) => run));
	for (const said of heard.values()) expect(said).toEqual(all);
});
