/** Copies of a ready process get their memory ahead of the run; how much of it was, the system counts as page faults. */
import { execFileSync } from "node:child_process";
import { release } from "node:os";
import { expect, test } from "vitest";
import { pythonDir } from "../../../../../fixtures/probe-engine.ts";
import { venvPython } from "../../../../../fixtures/venv.ts";

const PAGES = 4_000;

/** Prints the page faults of a copy that writes to each page of a list of objects, without and with its own pages. */
const SCRIPT = `
import os, resource, sys
sys.path.insert(0, ${JSON.stringify(pythonDir)})
import jetbox_pages
memory = bytearray(${PAGES} * 4096)
def faults_of(prepare):
    reading, writing = os.pipe()
    if os.fork() == 0:
        prepare()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        for place in range(0, len(memory), 4096):
            memory[place] = 1
        os.write(writing, b"%d" % (resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before))
        os._exit(0)
    os.wait()
    return os.read(reading, 100).decode()
print(faults_of(lambda: None), faults_of(jetbox_pages.own_pages))
print(sorted(name for name in sys.modules if "ctypes" in name or name == "Word"))
`;

const [major = 0, minor = 0] = release().split(".").map(Number);
const canOwn = process.platform === "linux" && (major > 5 || (major === 5 && minor >= 14));

test.runIf(canOwn)("a copy writes to pages of its own, and tests find no ctypes loaded", () => {
	const [faults = "", loaded] = execFileSync(venvPython, ["-c", SCRIPT], { encoding: "utf8" }).split("\n");
	const [shared = 0, owned = 0] = faults.split(" ").map(Number);
	expect(shared).toBeGreaterThan(PAGES / 600);
	expect(owned).toBeLessThan(shared / 4);
	expect(loaded).toBe("[]");
});
