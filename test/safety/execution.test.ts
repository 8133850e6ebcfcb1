/** Code of the workspace that runs while it is judged (threats A21, A22, A28-A33, A37, A39, A40), and attacks of our own. */
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isRecord } from "../../src/core/json-record.ts";
import { abstractSocket } from "../canaries/port.ts";
import { type Arena, type Attacked, type Ground, openArena } from "./arena.ts";

let arena: Arena;
beforeAll(async () => {
	arena = await openArena();
});
afterAll(() => arena.remove());

const PASSING = { "test_a.py": "def test_a():\n    pass\n" };
/** What the tests do is the matter here, not how they are written. */
const NO_LINT = ["--approve", "edits", "--set", "probe.ruff=off"];
const TRY = `
import json, os, pathlib

def attempt(action):
    try:
        return "got " + str(action())
    except BaseException as error:
        return "refused " + type(error).__name__
`;

/** Python that tries things, and leaves what came of them in tried.json: `name: expression` each. */
function tries(expressions: Readonly<Record<string, string>>, imports = ""): string {
	const entries = Object.entries(expressions).map(
		([name, code]) => `    ${JSON.stringify(name)}: attempt(lambda: ${code}),`,
	);
	return `${imports}\n${TRY}\npathlib.Path("tried.json").write_text(json.dumps({\n${entries.join("\n")}\n}))\n`;
}

function triedIn({ ground }: Attacked): Readonly<Record<string, unknown>> {
	const value: unknown = JSON.parse(readFileSync(join(ground.root, "tried.json"), "utf8"));
	if (!isRecord(value)) throw new Error("tried.json holds no record");
	return value;
}

/** Empty where there is no such file. */
function textIn({ root }: Ground, name: string): string {
	const path = join(root, name);
	return existsSync(path) ? readFileSync(path, "utf8") : "";
}

const refused = expect.stringContaining("refused");

test("A28 A40: a hostile conftest has no home, no network, no secret, no rights, and no way to what lies beside", async () => {
	const attacked = await arena.attack({
		options: NO_LINT,
		files: ({ outside, home, port, root }) => ({
			...PASSING,
			"conftest.py": tries(
				{
					"read beside": `open(${JSON.stringify(`${outside}/secret.txt`)}).read()`,
					"read by link": `open("link").read()`,
					"write beside": `open(${JSON.stringify(`${outside}/new.txt`)}, "w")`,
					"read home": `open(${JSON.stringify(`${home}/.ssh/id_rsa`)}).read()`,
					"list above": `os.listdir(${JSON.stringify(join(root, ".."))})`,
					network: `urllib.request.urlopen("http://127.0.0.1:${port}", timeout=3).read()`,
					"raw network": `socket.create_connection(("127.0.0.1", ${port}), timeout=3)`,
					"write system": `open("/usr/evil", "w")`,
					mount: `(_ for _ in ()).throw(OSError()) if ctypes.CDLL(None).mount(b"none", b"/tmp", b"tmpfs", 0, None) else 0`,
					"new namespace": `(_ for _ in ()).throw(OSError()) if ctypes.CDLL(None).unshare(0x10000000) else 0`,
					"type into the terminal": `fcntl.ioctl(os.open("/dev/tty", os.O_RDWR), 0x5412, b"x")`,
				},
				"import ctypes, fcntl, socket, urllib.request",
			),
			"test_seen.py": `import json, os, pathlib, socket\n\n\ndef test_seen():\n    server = socket.create_server(("127.0.0.1", 0))\n    socket.create_connection(server.getsockname()).close()\n    pathlib.Path("seen.json").write_text(json.dumps({"env": dict(os.environ), "home": os.listdir(os.path.expanduser("~")), "pids": [name for name in os.listdir("/proc") if name.isdigit()]}))\n`,
		}),
		prepare: ({ root, outside }) => symlinkSync(join(outside, "secret.txt"), join(root, "link")),
	});
	expect(attacked.outcome["kind"]).toBe("green");
	const { "list above": above, ...others } = triedIn(attacked);
	// The way there exists, with nothing else on it.
	expect(above).toBe("got ['ws']");
	expect(Object.values(others)).toEqual(Object.values(others).map(() => refused));
	const seen: unknown = JSON.parse(readFileSync(join(attacked.ground.root, "seen.json"), "utf8"));
	if (!isRecord(seen) || !isRecord(seen["env"])) throw new Error("seen.json holds no record");
	expect(seen).toMatchObject({ home: [] });
	expect(Array.isArray(seen["pids"]) && seen["pids"].length < 8).toBe(true);
	const allowed =
		/^(HOME|PATH|TMPDIR|VIRTUAL_ENV|LANG|LC_\w+|TZ|USER|LOGNAME|PWD|CONDA_PREFIX|PYTEST_\w+|PYTHON\w+|JETBOX_RUN|COLUMNS|LINES|OLDPWD|_)$/;
	expect(Object.keys(seen["env"]).filter((name) => !allowed.test(name))).toEqual([]);
});

test("A28: the network is open to tests only where the person opened it, and home stays closed then", async () => {
	const attacked = await arena.attack({
		files: ({ port, home }) => ({
			...PASSING,
			"conftest.py": tries(
				{
					network: `urllib.request.urlopen("http://127.0.0.1:${port}", timeout=3).read()`,
					home: `open(${JSON.stringify(`${home}/.ssh/id_rsa`)}).read()`,
				},
				"import urllib.request",
			),
		}),
		options: ["--approve", "edits", "--allow-network"],
		allowedHits: 1_000,
	});
	expect(triedIn(attacked)).toEqual({ network: "got b'canary'", home: refused });
});

describe("A22: programs of the workspace", () => {
	const SPY = (ground: Ground) =>
		`#!/bin/sh\necho ran >> ${ground.root}/ran.txt\necho ran >> ${ground.outside}/ran.txt\ncat ${ground.home}/.ssh/id_rsa >> ${ground.root}/stolen.txt\nexec /usr/bin/python3 "$@"\n`;
	const program = (path: string, text: string) => {
		writeFileSync(path, text);
		chmodSync(path, 0o755);
	};

	test("an interpreter and a ruff in .venv run in the sandbox alone", async () => {
		const { ground } = await arena.attack({
			files: { ...PASSING, ".venv/pyvenv.cfg": "home = /usr/bin\n", ".venv/bin/x": "" },
			env: { VIRTUAL_ENV: "" },
			prepare: (place) => {
				program(join(place.root, ".venv/bin/python"), SPY(place));
				program(join(place.root, ".venv/bin/ruff"), SPY(place));
			},
		});
		expect(readFileSync(join(ground.root, "ran.txt"), "utf8")).toContain("ran");
		expect(textIn(ground, "stolen.txt")).toBe("");
	});

	test("one that claims the home folder as its own is not believed", async () => {
		const { ground } = await arena.attack({
			files: { ...PASSING, ".venv/pyvenv.cfg": "home = /usr/bin\n", ".venv/bin/x": "" },
			env: { VIRTUAL_ENV: "" },
			prepare: ({ root, home, outside }) => {
				const lie = {
					path: `${root}/.venv/bin/python`,
					version: "3.11.0",
					pytest: "9.1.1",
					ruff: false,
					prefixes: [home, outside, "/"],
					sites: [home],
				};
				program(
					join(root, ".venv/bin/python"),
					`#!/bin/sh\ncat ${home}/.ssh/id_rsa ${outside}/secret.txt >> ${root}/stolen.txt 2>/dev/null\necho '${JSON.stringify(lie)}'\n`,
				);
			},
		});
		expect(readFileSync(join(ground.root, "stolen.txt"), "utf8")).toBe("");
	});

	test("without a sandbox and without consent none is started, and exit 2 names the fix", async () => {
		const { ground, code, err } = await arena.attack({
			files: { ...PASSING, ".venv/pyvenv.cfg": "home = /usr/bin\n", ".venv/bin/x": "" },
			// A folder that holds the home is none that a sandbox could hold.
			env: ({ root }) => ({ VIRTUAL_ENV: "", HOME: join(root, "home") }),
			prepare: (place) => {
				mkdirSync(join(place.root, "home"));
				program(join(place.root, ".venv/bin/python"), SPY(place));
				program(join(place.root, ".venv/bin/ruff"), SPY(place));
			},
		});
		expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining("--sandbox off") });
		expect(existsSync(join(ground.root, "ran.txt"))).toBe(false);
	});

	test("neither a tool beside the code, nor by way of PATH, is ever started", async () => {
		const { ground, outcome } = await arena.attack({
			files: { ...PASSING, "bin/x": "", "node_modules/.bin/x": "" },
			env: ({ root }) => ({ PATH: `.:${root}/bin:${root}:node_modules/.bin::${process.env["PATH"]}` }),
			prepare: (place) => {
				for (const name of ["ruff", "pytest", "python3", "python", "bwrap", "git", "setpriv", "true", "sh", "node"])
					for (const folder of [".", "bin", "node_modules/.bin"]) program(join(place.root, folder, name), SPY(place));
			},
		});
		expect(outcome["kind"]).toBe("green");
		expect(existsSync(join(ground.root, "ran.txt"))).toBe(false);
	});
});

test("A21: modules of the workspace that bear the tools' names do not stand in for them", async () => {
	const { outcome } = await arena.attack({
		files: {
			...PASSING,
			"pytest.py": "raise SystemExit('stood in')\n",
			"ruff.py": "raise SystemExit('stood in')\n",
			"ruff/__main__.py": "raise SystemExit('stood in')\n",
			"json.py": "raise SystemExit('stood in')\n",
			"_pytest/__init__.py": "raise SystemExit('stood in')\n",
		},
	});
	expect(outcome["reason"]).toContain("1 passed");
});

test("A29: configurations above the workspace have no say", async () => {
	const { outcome } = await arena.attack({
		files: { ...PASSING, "b.py": "import os\nprint(os.name)\n" },
		prepare: ({ root }) => {
			writeFileSync(join(root, "../pytest.ini"), "[pytest]\naddopts = -p evil_plugin\n");
			writeFileSync(join(root, "../conftest.py"), "raise SystemExit('ran')\n");
			writeFileSync(join(root, "../ruff.toml"), 'select = ["ALL"]\nextend = "/etc/passwd"\n');
			writeFileSync(join(root, "../evil_plugin.py"), "raise SystemExit('ran')\n");
		},
	});
	expect(outcome).toMatchObject({ kind: "green", reason: expect.stringContaining("1 passed, lint clean") });
});

test("A30 A31: ruff's configuration can neither show a line of a foreign file nor write one", async () => {
	const attacked = await arena.attack({
		files: ({ home, outside }) => ({
			...PASSING,
			"ruff.toml": `extend = "${home}/.ssh/id_rsa"\ncache-dir = "${outside}/cache"\n`,
			"sub/ruff.toml": `extend = "${outside}/secret.txt"\n`,
			"sub/a.py": "x = 1\n",
			"pyproject.toml": '[tool.ruff]\ncache-dir = "$AWS_SECRET_ACCESS_KEY"\noutput-file = "out.txt"\n',
		}),
		turns: [[{ name: "read_file", arguments: { path: "test_a.py" } }]],
	});
	expect(attacked.outcome["kind"]).not.toBe("green");
});

test("A32: a configuration that orders fixes changes no file, also not through a link", async () => {
	const { ground } = await arena.attack({
		files: {
			"a.py": "import os\n",
			"test_a.py": "def test_a():\n    pass\n",
			"ruff.toml": "fix = true\nunsafe-fixes = true\n",
		},
		prepare: ({ root, outside }) => {
			writeFileSync(join(outside, "lint.py"), "import os\n");
			symlinkSync(join(outside, "lint.py"), join(root, "linked.py"));
		},
	});
	expect(readFileSync(join(ground.root, "a.py"), "utf8")).toBe("import os\n");
});

test("A33: --basetemp in addopts empties no folder", async () => {
	const { ground, outcome } = await arena.attack({
		files: {
			"pytest.ini": "[pytest]\naddopts = --basetemp=important\n",
			"important/data.txt": "keep\n",
			"test_a.py": "def test_a(tmp_path):\n    (tmp_path / 'x').write_text('x')\n",
		},
	});
	expect(outcome["kind"]).toBe("green");
	expect(readFileSync(join(ground.root, "important/data.txt"), "utf8")).toBe("keep\n");
});

test("A37: a test that prints without end is cut and ended, and nothing of it is left", async () => {
	const { outcome, code } = await arena.attack({
		options: NO_LINT,
		files: {
			"test_a.py":
				"import os, sys\n\n\ndef test_a(capfd):\n    with capfd.disabled():\n        for _ in range(3000):\n            os.write(1, b'x' * 100_000)\n            os.write(2, b'x' * 100_000)\n",
		},
	});
	expect({ code, kind: outcome["kind"] }).toEqual({ code: 0, kind: "green" });
});

test("A39: daemons by setsid, double fork and env -i end with the tests", async () => {
	// That none is left is looked at after every attack; here some were really made.
	const { ground, outcome } = await arena.attack({
		options: NO_LINT,
		files: {
			"test_a.py": `
import os, subprocess, sys, time

LOOP = "import time, pathlib; pathlib.Path('alive-%s').touch(); time.sleep(600)"

def test_a():
    subprocess.Popen(["setsid", sys.executable, "-c", LOOP % "setsid"], stdin=subprocess.DEVNULL)
    subprocess.Popen(["env", "-i", sys.executable, "-c", LOOP % "env"], start_new_session=True)
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.execv(sys.executable, [sys.executable, "-c", LOOP % "fork"])
        os._exit(0)
    until = time.time() + 20
    while time.time() < until and sum(os.path.exists("alive-" + name) for name in ("setsid", "env", "fork")) < 3:
        time.sleep(0.02)
`,
		},
	});
	expect(outcome["kind"]).toBe("green");
	for (const name of ["setsid", "env", "fork"]) expect(existsSync(join(ground.root, `alive-${name}`))).toBe(true);
});

describe("attacks of our own", () => {
	test("processes of the host can be neither seen, nor signalled, nor traced", async () => {
		const attacked = await arena.attack({
			options: NO_LINT,
			files: {
				...PASSING,
				"conftest.py": tries(
					{
						"kill everybody": `[os.kill(pid, 9) for pid in range(200, 40000)]`,
						"kill the parent of all": `os.kill(os.getppid(), 0) or os.getppid()`,
						trace: `(_ for _ in ()).throw(OSError()) if ctypes.CDLL(None).ptrace(16, 300, 0, 0) else 0`,
						"memory of another": `open("/proc/300/mem", "rb")`,
					},
					"import ctypes",
				),
			},
		});
		const tried = triedIn(attacked);
		expect(tried).toMatchObject({ "kill everybody": refused, trace: refused, "memory of another": refused });
		expect(attacked.outcome["kind"]).toBe("green");
	});

	test("abstract sockets and message buses of the session are not there", async () => {
		const attacked = await arena.attack({
			files: {
				...PASSING,
				"conftest.py": tries(
					{
						abstract: `socket.socket(socket.AF_UNIX).connect("\\0jetbox-safety-canary")`,
						bus: `os.environ["DBUS_SESSION_BUS_ADDRESS"]`,
						"bus socket": `os.listdir("/run")`,
						display: `os.listdir("/tmp/.X11-unix")`,
						"container socket": `os.stat("/var/run/docker.sock")`,
					},
					"import socket",
				),
			},
			env: { DBUS_SESSION_BUS_ADDRESS: "unix:abstract=/tmp/x", DISPLAY: ":0", SSH_AUTH_SOCK: "/tmp/agent" },
			beside: () => abstractSocket("jetbox-safety-canary"),
		});
		expect(Object.values(triedIn(attacked))).toEqual(Array.from({ length: 5 }, () => refused));
	});

	test("start-up files and plugins of the workspace's own environment run inside the sandbox, too", async () => {
		const evil = ({ outside, home, root }: Ground) =>
			`import os\ntry:\n    open(${JSON.stringify(`${outside}/pth.txt`)}, "w").write("x")\nexcept OSError:\n    pass\ntry:\n    open(${JSON.stringify(`${root}/stolen.txt`)}, "a").write(open(${JSON.stringify(`${home}/.ssh/id_rsa`)}).read())\nexcept OSError:\n    open(${JSON.stringify(`${root}/ran.txt`)}, "a").write("ran\\n")\n`;
		const { ground } = await arena.attack({
			files: (place) => ({
				...PASSING,
				".venv/pyvenv.cfg": "home = /usr/bin\ninclude-system-site-packages = false\n",
				".venv/lib/python3.11/site-packages/evil.pth": "import evil\n",
				".venv/lib/python3.11/site-packages/evil.py": evil(place),
			}),
			env: { VIRTUAL_ENV: "" },
			prepare: ({ root }) => {
				mkdirSync(join(root, ".venv/bin"));
				symlinkSync("/usr/bin/python3", join(root, ".venv/bin/python"));
			},
			turns: [[{ name: "write_file", arguments: { path: "new.py", content: "x = 1\n" } }]],
		});
		expect(textIn(ground, "stolen.txt")).toBe("");
		expect(textIn(ground, "ran.txt")).toContain("ran");
	});

	test("a full /tmp, many watches and many processes cost the tests, not the machine", async () => {
		const { outcome } = await arena.attack({
			files: {
				"test_a.py": `
import ctypes, os, signal

def test_a():
    libc = ctypes.CDLL(None)
    watcher = libc.inotify_init()
    for number in range(2000):
        libc.inotify_add_watch(watcher, b"/tmp", 2)
    children = []
    for number in range(50):
        child = os.fork()
        if child == 0:
            signal.pause()
        children.append(child)
    with open("/tmp/home/big", "wb") as file:
        try:
            for number in range(1200):
                file.write(b"x" * 1024 * 1024)
            full = False
        except OSError:
            full = True
    os.remove("/tmp/home/big")
    assert full
`,
			},
			options: ["--approve", "edits", "--max-rounds", "1"],
		});
		expect(outcome["reason"]).toContain("1 passed");
	});
});
