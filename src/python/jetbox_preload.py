"""Loads ahead what a run will need from the environment, and does once what a first run does once."""

import importlib
import io
import linecache
import os
import shutil
import sys
import warnings


def rewritten(names):
    """Those of the names that pytest rewrites as it loads them, and warns about when they are loaded before."""
    from importlib import metadata

    plugins = set()
    for distribution in metadata.distributions():
        for entry in distribution.entry_points:
            if entry.group == "pytest11":
                plugins.update({entry.value.partition(":")[0].partition(".")[0]})
    return [name for name in names if name.partition(".")[0] in plugins]


def preload(names):
    """Imports modules that the last run needed. Returns those that warned: what they say belongs into the run."""
    spoken = []
    for name in names:
        if name in sys.modules:
            continue
        with warnings.catch_warnings(record=True) as heard:
            warnings.simplefilter("always")
            try:
                importlib.import_module(name)
            except BaseException:
                # The run will meet it where it belongs.
                spoken.append(name)
                continue
        if heard:
            spoken.append(name)
    return spoken


REHEARSAL = """
import pytest

@pytest.fixture
def value():
    return 1

@pytest.mark.parametrize("n", [1, 2])
def test_n(n, value, tmp_path):
    assert n == value

@pytest.mark.parametrize("pair", [([1, 2], [1, 3]), ("a\\nb", "a\\nc"), ({"a": 1}, {"a": 2}), ({1}, {2})])
def test_pair(pair):
    assert pair[0] == pair[1]

class TestSome:
    def test_raises(self):
        with pytest.raises(ValueError):
            raise ValueError

    @pytest.mark.skip
    def test_skipped(self):
        pass

    @pytest.mark.xfail
    def test_expected(self):
        raise ValueError
"""


def rehearse(private):
    """
    Runs a few tests of no project through pytest, without its plugins from elsewhere. What a first run does once (loading modules,
    compiling patterns, looking at every module for the first failure) is done then.
    """
    import pytest

    folder = os.path.join(private, "rehearsal")
    os.mkdir(folder)
    file = os.path.join(folder, "test_jetbox_rehearsal.py")
    with open(file, "w") as source:
        source.write(REHEARSAL)
    arguments = ["-q", "--color=no", "--import-mode=importlib", "--rootdir=" + folder, "-c", os.devnull, "--basetemp=" + folder + "/tmp"]
    outside = sys.stdout, sys.stderr, set(sys.modules), dict(os.environ), list(sys.path)
    sys.stdout = sys.stderr = io.StringIO()
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        pytest.main([*arguments, "-o", "cache_dir=" + folder + "/cache", file])
    finally:
        sys.stdout, sys.stderr, modules, environment, sys.path[:] = outside
        os.environ.clear()
        os.environ.update(environment)
        for name in set(sys.modules) - modules:
            if "rehearsal" in name:
                del sys.modules[name]
        for name in ("last_type", "last_value", "last_traceback", "last_exc"):
            if hasattr(sys, name):
                delattr(sys, name)
        linecache.clearcache()
        shutil.rmtree(folder, ignore_errors=True)
