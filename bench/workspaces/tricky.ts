/** T: 36 tests that are easy to get wrong where pytest does not run as usual, and two files that cannot be collected. */
import type { GeneratedWorkspace } from "./workspace.ts";

const PROCESSES = `import asyncio
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time

import pytest


def square(value):
    return value * value


def put(queue, value):
    queue.put(value)


class Expired(Exception):
    pass


def expire(number, frame):
    raise Expired


def test_spawned_pool():
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.map(square, [2, 3]) == [4, 9]


def test_spawned_process():
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    process = context.Process(target=put, args=(queue, 5))
    process.start()
    assert queue.get(timeout=60) == 5
    process.join()
    assert process.exitcode == 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_forked_process():
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    process = context.Process(target=put, args=(queue, 6))
    process.start()
    assert queue.get(timeout=60) == 6
    process.join()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_bare_fork():
    child = os.fork()
    if child == 0:
        os._exit(7)
    _, status = os.waitpid(child, 0)
    assert os.WEXITSTATUS(status) == 7


@pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="needs alarm")
def test_alarm():
    before = signal.signal(signal.SIGALRM, expire)
    signal.setitimer(signal.ITIMER_REAL, 0.02)
    try:
        with pytest.raises(Expired):
            time.sleep(30)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_default_interrupt_handler():
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_subprocess():
    assert subprocess.check_output([sys.executable, "-c", "print(6 * 7)"]).strip() == b"42"


def test_only_the_main_thread():
    assert threading.current_thread() is threading.main_thread()


def test_thread_left_behind():
    threading.Thread(target=time.sleep, args=(30,), daemon=True).start()


def test_event_loop():
    async def answer():
        await asyncio.sleep(0)
        return 42

    assert asyncio.run(answer()) == 42
`;

const SURROUNDINGS = `import importlib
import os
import sys
import warnings

import pytest


@pytest.fixture
def elsewhere(tmp_path):
    before = os.getcwd()
    os.chdir(tmp_path)
    yield tmp_path
    os.chdir(before)


def test_working_folder():
    assert os.path.exists("pyproject.toml")


def test_changed_folder(elsewhere):
    assert os.path.samefile(os.getcwd(), elsewhere)


def test_changed_folder_by_monkeypatch(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert os.listdir() == []


def test_file_descriptors(capfd):
    os.system("echo from a child")
    assert capfd.readouterr().out == "from a child\\n"


def test_captured_bytes(capfdbinary):
    os.write(1, bytes([0, 255]))
    assert capfdbinary.readouterr().out == bytes([0, 255])


def test_input_is_refused():
    with pytest.raises(OSError):
        input()


def test_environment(monkeypatch):
    monkeypatch.setenv("TRICKY", "1")
    assert os.environ["TRICKY"] == "1"


def test_environment_is_clean():
    assert "TRICKY" not in os.environ


def test_current_test_is_named():
    assert "test_current_test_is_named" in os.environ["PYTEST_CURRENT_TEST"]


def test_warning():
    with pytest.warns(UserWarning):
        warnings.warn("careful", UserWarning, stacklevel=1)


def test_deep_recursion():
    def down(n):
        return down(n + 1)

    with pytest.raises(RecursionError):
        down(0)


def test_modules_are_forgotten():
    importlib.import_module("tricky.counter")

    del sys.modules["tricky.counter"]
    again = importlib.import_module("tricky.counter")

    assert again.COUNT == 1


def test_private_folder(tmp_path):
    (tmp_path / "a.txt").write_text("a")
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
`;

const OUTCOMES = `import sys
import unittest

import pytest


@pytest.fixture
def broken():
    raise ValueError("before")


@pytest.fixture
def breaking():
    yield
    raise ValueError("after")


def test_fails():
    assert 1 + 1 == 3


def test_exits():
    sys.exit(3)


@pytest.mark.xfail
def test_expected_failure():
    assert False


@pytest.mark.xfail
def test_unexpected_pass():
    assert True


@pytest.mark.xfail(strict=True)
def test_strict_pass():
    assert True


@pytest.mark.skip(reason="not now")
def test_skipped():
    assert False


def test_error_before(broken):
    assert True


def test_error_after(breaking):
    assert True


@pytest.mark.parametrize("value", ["plain", "with space", "[brackets]", "\\u00e9"])
def test_odd_ids(value):
    assert value


class TestOfUnittest(unittest.TestCase):
    def test_method(self):
        self.assertEqual(1, 1)
`;

export function generateTricky(): GeneratedWorkspace {
	return {
		id: "T",
		what: "36 tricky tests and two files that cannot be collected",
		files: new Map([
			[
				"pyproject.toml",
				'[tool.pytest.ini_options]\npythonpath = ["."]\naddopts = "--continue-on-collection-errors"\n\n[tool.ruff]\nline-length = 120\nextend-exclude = ["tests/test_syntax.py"]\n',
			],
			["tricky/__init__.py", ""],
			["tricky/counter.py", "COUNT = 1\n"],
			[
				"tests/test_import.py",
				"import not_installed_anywhere  # noqa: F401\n\n\ndef test_unreachable():\n    assert True\n",
			],
			["tests/test_outcomes.py", OUTCOMES],
			["tests/test_processes.py", PROCESSES],
			["tests/test_surroundings.py", SURROUNDINGS],
			["tests/test_syntax.py", "def test_unreachable(:\n    assert True\n"],
		]),
		counts: { passed: 29, failed: 3, skipped: 2, errors: 4 },
	};
}
