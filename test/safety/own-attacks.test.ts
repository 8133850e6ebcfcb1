/** Attacks of our own, second round: on what the engine does outside of the sandbox, and on what outlives a run within it. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Arena, ENDLESS, fighting, openArena } from "./arena.ts";

let arena: Arena;
beforeAll(async () => {
	arena = await openArena();
});
afterAll(() => arena.remove());

const EDITS = ["--approve", "edits", "--set", "probe.ruff=off", ...ENDLESS];
const RESTLESS = "import time\n\n\ndef test_restless():\n    assert time.time_ns() == 0\n";

test("the engine removes stale bytecode: through a __pycache__ that a test made a link, nothing outside goes", async () => {
	const { ground } = await arena.attack({
		files: ({ outside }) => ({
			"mod.py": "VALUE = 1\n",
			"test_a.py": `import os\nimport shutil\nimport mod\n\n\ndef test_a():\n    shutil.rmtree("__pycache__", ignore_errors=True)\n    if not os.path.islink("__pycache__"):\n        os.symlink(${JSON.stringify(join(outside, "cache"))}, "__pycache__")\n    assert mod.VALUE == 3\n`,
		}),
		prepare: ({ outside }) => {
			mkdirSync(join(outside, "cache"));
			for (const name of ["mod.precious.pyc", "test_a.precious.pyc", "mod.cpython-311.pyc"])
				writeFileSync(join(outside, "cache", name), "somebody's");
		},
		options: EDITS,
		turns: [
			[{ name: "edit_file", arguments: { path: "mod.py", old_text: "1", new_text: "2" } }],
			[{ name: "edit_file", arguments: { path: "mod.py", old_text: "2", new_text: "4" } }],
		],
	});
	expect(existsSync(join(ground.outside, "cache/mod.precious.pyc"))).toBe(true);
});

/** A probe that ends neither by itself nor by a limit would outlast this. */
const HANG_MS = 120_000;
const TWO_ROUNDS = ["--approve", "edits", "--max-rounds", "2", "--set", "probe.ruff=off"];
const NEW_FILE = [[{ name: "write_file", arguments: { path: "b.py", content: "X = 1\n" } }]];

test(
	"pipes that a test makes where the engine looks for configuration hold nobody up",
	async () => {
		const names = [".pytest.toml", "pytest.toml", "data.txt", "setup.cfg"];
		const { outcome } = await arena.attack({
			files: {
				"test_a.py": `import os\nimport time\n\n\ndef test_a():\n    for name in ${JSON.stringify(names)}:\n        if not os.path.lexists(name):\n            os.mkfifo(name)\n    assert time.time_ns() == 0\n`,
			},
			options: TWO_ROUNDS,
			turns: NEW_FILE,
		});
		expect(outcome["kind"]).toBe("stopped");
	},
	HANG_MS,
);

test(
	"links to files of the kernel that never end cost neither memory nor time, and are no input",
	async () => {
		const { outcome } = await arena.attack({
			files: { "test_a.py": RESTLESS },
			prepare: ({ root }) => {
				symlinkSync("/proc/self/pagemap", join(root, "pages.txt"));
				// Where pytest itself does not walk.
				mkdirSync(join(root, "links.egg"));
				for (const [name, target] of Object.entries({ me: "/proc/self", system: "/sys/class", devices: "/dev" }))
					symlinkSync(target, join(root, "links.egg", name));
				symlinkSync("/dev/zero", join(root, "pytest.toml"));
				symlinkSync("/proc/self/pagemap", join(root, "tox.ini"));
			},
			options: TWO_ROUNDS,
			turns: NEW_FILE,
		});
		expect(outcome["kind"]).toBe("stopped");
	},
	HANG_MS,
);

const CHAIN = `
import os, time

def chain():
    """Hands on to a child of its own all the while, so that no list of processes is ever true."""
    if os.fork():
        return
    os.setsid()
    for name in list(os.environ):
        os.environ.pop(name)
    until = time.time() + 60
    while time.time() < until:
        if os.fork():
            os._exit(0)
    os._exit(0)

def newest_process():
    return open("/proc/loadavg").read().split()[4]

def test_chain():
    if not os.path.exists("b.py"):
        # The process that stands ready is another one after the first runs.
        pass
    elif not os.path.exists("first"):
        for _ in range(40):
            chain()
        before = newest_process()
        time.sleep(0.3)
        open("first", "w").write("alive" if newest_process() != before else "dead")
    elif os.path.exists("c.py") and not os.path.exists("second"):
        before = newest_process()
        time.sleep(0.3)
        open("second", "w").write("alive" if newest_process() != before else "dead")
    assert time.time_ns() == 0
`;

test(
	"processes that fork faster than they can be listed do not live on to a later run",
	async () => {
		const { ground } = await arena.attack({
			files: { "test_chain.py": CHAIN },
			options: EDITS,
			turns: ["b.py", "c.py"].map((path) => [{ name: "write_file", arguments: { path, content: "X = 1\n" } }]),
			// What a run leaves is ended when no other is at work, within 1.5 s.
			thinkMs: 4_000,
		});
		expect(["first", "second"].map((name) => readFileSync(join(ground.root, name), "utf8"))).toEqual(["alive", "dead"]);
	},
	HANG_MS,
);

const TRACE = `
import ctypes, json, os, pathlib

libc = ctypes.CDLL(None, use_errno=True)

def attempt(action):
    try:
        return "got " + str(action())
    except BaseException as error:
        return "refused " + type(error).__name__

def write_memory(pid):
    with open("/proc/%d/maps" % pid) as maps:
        start = next(int(line.split("-")[0], 16) for line in maps if " rw-p " in line)
    with open("/proc/%d/mem" % pid, "r+b", buffering=0) as memory:
        memory.seek(start)
        memory.write(memory.read(1))
    return "wrote"

def seize(pid):
    if libc.ptrace(0x4206, pid, 0, 0):
        raise OSError(ctypes.get_errno())
    return "seized"

def test_trace():
    parent = os.getppid()
    tried = {
        "parent": parent,
        "command": open("/proc/%d/cmdline" % parent).read()[-60:],
        "memory": attempt(lambda: write_memory(parent)),
        "environment": attempt(lambda: len(open("/proc/%d/environ" % parent).read())),
        "channels": attempt(lambda: os.listdir("/proc/%d/fd" % parent)),
        "open channel": attempt(lambda: open("/proc/%d/fd/4" % parent, "rb", buffering=0)),
        "trace": attempt(lambda: seize(parent)),
    }
    pathlib.Path("tried.json").write_text(json.dumps(tried))
`;

test("a test can neither write into the memory of the process that stands ready, nor trace it", async () => {
	const { ground } = await arena.attack({
		files: { "test_trace.py": TRACE },
		options: ["--approve", "edits", "--set", "probe.ruff=off"],
	});
	const { parent: _parent, command, ...tried } = JSON.parse(readFileSync(join(ground.root, "tried.json"), "utf8"));
	expect(command).toContain("jetbox_worker.py");
	expect(Object.values(tried)).toEqual(Array.from({ length: 5 }, () => expect.stringContaining("refused")));
});

const SWAPS = `
import os, sys, time
root, outside = sys.argv[1:]
# A run that is started in the link works where it leads, as its user said: the swaps begin when the tests have run.
while not os.path.exists(root + "/started"):
    time.sleep(0.01)
while True:
    try:
        os.rename(root, root + ".real"); os.symlink(outside, root)
        time.sleep(0.01)
        os.unlink(root); os.rename(root + ".real", root)
        time.sleep(0.02)
    except OSError:
        time.sleep(0.001)
`;

test(
	"a workspace folder that is swapped for a link to another while the run works leads nowhere else",
	async () => {
		const { results, ground, sent } = await arena.attack({
			files: { "test_a.py": `open("started", "w").close()\n${RESTLESS}`, "a.py": "X = 1\n" },
			options: ["--approve", "all", ...ENDLESS],
			// A sandbox that starts in the moment of a swap masks it where the link leads (docs/safety.md): the tools are what is tried here.
			prepare: ({ outside }) => {
				mkdirSync(join(outside, ".vscode"));
				writeFileSync(join(outside, ".vscode/settings.json"), "{}");
			},
			beside: fighting(SWAPS),
			turns: Array.from({ length: 4 }, (_, round) => [
				{ name: "write_file", arguments: { path: `new-${round}.py`, content: "X = 1\n" } },
				{ name: "read_file", arguments: { path: "secret.txt" } },
				{ name: "write_file", arguments: { path: "secret.txt", content: "owned\n" } },
				{ name: "search", arguments: { text: "CANARY" } },
			]),
		});
		// Whether a call was made at all depends on when the folder was away; the arena looks at all that lies outside.
		expect(results.filter(({ message }) => message.includes(ground.secret))).toEqual([]);
		expect(sent).not.toContain(ground.secret);
	},
	HANG_MS,
);

/** A bare repository in a folder of its own, which git obeys where it is asked there or below. */
const BARE: Readonly<Record<string, string>> = {
	HEAD: "ref: refs/heads/main\n",
	config:
		'[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = ..\n\tfsmonitor = "touch owned; false"\n',
	"objects/x": "",
	"refs/x": "",
};

/** Asks git, as an editor does that looks for repositories; whether the folder's settings ran. */
function gitObeys(folder: string): boolean {
	spawnSync("git", ["-c", "safe.directory=*", "status"], { cwd: folder });
	return existsSync(join(folder, "../owned"));
}

test("files that make a bare repository of a folder are not written without a yes", async () => {
	const { results, ground } = await arena.attack({
		files: { "test_a.py": RESTLESS, ...within("before", BARE) },
		options: EDITS,
		turns: [
			Object.entries(within("docs", BARE)).map(([path, content]) => ({
				name: "write_file",
				arguments: { path, content },
			})),
		],
	});
	expect(results.map(({ code }) => code)).toEqual(["refused", "ok", "ok", "ok"]);
	expect(gitObeys(join(ground.root, "docs"))).toBe(false);
	// With its HEAD it would have been obeyed.
	expect(gitObeys(join(ground.root, "before"))).toBe(true);
});

test("nor does a bare repository stand that a test makes at the workspace's top, not even while it runs", async () => {
	const program = `import os, time


def test_makes():
    for path, text in ${JSON.stringify(Object.entries(BARE))}:
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        with open(path, "w") as file:
            file.write(text)
    until = time.time() + 20
    while os.path.exists("HEAD") and time.time() < until:
        time.sleep(0.05)
    with open("stood", "w") as file:
        file.write(str(os.path.exists("HEAD")))
    assert False
`;
	const { ground, events } = await arena.attack({
		files: { "test_a.py": RESTLESS },
		options: TWO_ROUNDS,
		turns: [[{ name: "write_file", arguments: { path: "test_makes.py", content: program } }]],
	});
	expect(readFileSync(join(ground.root, "stood"), "utf8")).toBe("False");
	expect(JSON.stringify(events)).toContain("the tests made a repository");
	expect(gitObeys(ground.root)).toBe(false);
});

test("a test that writes a conftest.py which turns failures into passes, or rewrites another test, is named", async () => {
	const hook =
		"import pytest\n\n\n@pytest.hookimpl(wrapper=True)\ndef pytest_runtest_makereport():\n    report = yield\n    report.outcome = 'passed'\n    return report\n";
	const forge = (path: string, text: string) =>
		`import pathlib\n\n\ndef test_forge():\n    pathlib.Path("${path}").write_text(${JSON.stringify(text)})\n`;
	const files = {
		"total.py": "def total(prices):\n    return 0\n",
		"tests/test_total.py": "from total import total\n\n\ndef test_one():\n    assert total([1]) == 1\n",
		"pytest.ini": "[pytest]\npythonpath = .\n",
	};
	for (const [path, text] of [
		["tests/conftest.py", hook],
		["tests/test_total.py", "def test_one():\n    assert True\n"],
	] as const) {
		const { outcome } = await arena.attack({
			files,
			options: TWO_ROUNDS,
			turns: [[{ name: "write_file", arguments: { path: "tests/test_forge.py", content: forge(path, text) } }]],
		});
		expect(outcome["reason"], path).toContain(`${path} was changed, but by no edit of this run`);
	}
});

function within(folder: string, files: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
	return Object.fromEntries(Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text]));
}
