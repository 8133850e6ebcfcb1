"""Where a pytest process waits, ready, until it is told what to run.

A parked process has pytest started and configured, the initial conftest.py files loaded and the session open. Where it may be
copied (Linux, one thread, nothing that copies would share), a copy made by fork runs and the parked one stays.
"""

import gc
import glob
import importlib
import io
import json
import linecache
import os
import shutil
import signal
import stat
import sys
import time
import warnings

#: Lowest and highest major version whose start-up is known well enough to stop in.
KNOWN_PYTEST = (7, 9)
#: How long a process that is ended by request has for its own clean-up, in seconds.
GRACE = 0.3
#: Copies made ahead: calls come in bursts. One where a process is larger than this.
SPARE = 2
MAX_SPARE_BYTES = 150 * 1024 * 1024
#: Larger files are told apart by size and times.
MAX_KEPT_BYTES = 4 * 1024 * 1024
_POLL = 0.01
#: The grain of a file's times, in seconds, with room to spare.
_GRAIN = 0.05
_TAG = "JETBOX_RUN"


class Leave(BaseException):
    """The engine is gone, or has no more use for this process."""


def unparkable(config):
    """Why pytest cannot wait here at all, in words; else None."""
    import pytest

    major = int(pytest.__version__.partition(".")[0])
    if not KNOWN_PYTEST[0] <= major <= KNOWN_PYTEST[1]:
        return "pytest %s is not one that parking is known to work with" % pytest.__version__
    option = config.option
    if getattr(option, "tx", None) or getattr(option, "numprocesses", None) or getattr(option, "dist", "no") != "no":
        return "pytest-xdist runs the tests (-n or --dist in addopts)"
    if getattr(option, "looponfail", False) or getattr(option, "forked", False):
        return "addopts has an option that starts processes of its own (--forked or --looponfail)"
    if option.usepdb or getattr(option, "trace", False):
        return "addopts asks for the debugger"
    return None


def why_early(config, root):
    """Why the process must wait before `pytest_configure` already, in words; else None."""
    for plugin in config.pluginmanager.get_plugins():
        file = getattr(plugin, "__file__", None)
        if not isinstance(file, str) or not os.path.realpath(file).startswith(root + os.sep) or "site-packages" in file:
            continue
        hooks = [name for name in ("pytest_configure", "pytest_sessionstart") if hasattr(plugin, name)]
        if hooks:
            return "%s has %s" % (os.path.relpath(file, root).replace(os.sep, "/"), " and ".join(hooks))
    if getattr(config.option, "session_timeout", None):
        return "pytest-timeout counts from the start of the session"
    return None


def why_not_copied(config, known_fds):
    """Why copies of this process made by fork could differ from it, in words; else None."""
    if sys.platform != "linux":
        return "processes are copied on Linux only"
    threads = len(os.listdir("/proc/self/task"))
    if threads != 1:
        return "%d threads run when it stands ready" % threads
    factory = getattr(config, "_tmp_path_factory", None)
    if factory is not None and (not hasattr(factory, "_given_basetemp") or getattr(factory, "_basetemp", None) is not None):
        return "a plugin has made temporary folders already"
    cache = getattr(config, "cache", None)
    if cache is not None and not hasattr(cache, "_cachedir"):
        return "this pytest keeps its cache in an unknown way"
    foreign = _foreign_fds(known_fds, config)
    if foreign:
        return "it holds open what copies would share (%s)" % foreign[0]
    return None


def _foreign_fds(known, config):
    """What is open beyond what was open at the start, in words; pytest's own capture is made anew in each copy."""
    own = set(known) | _capture_fds(config) | _faulthandler_fds(config)
    found = []
    for fd in open_fds() - own:
        try:
            target = os.readlink("/proc/self/fd/%d" % fd)
        except OSError:
            continue
        if target != os.devnull and not target.endswith("/urandom"):
            found.append(target)
    return found


def open_fds():
    """File descriptors that are open now."""
    return {int(fd) for fd in os.listdir("/proc/self/fd")} if sys.platform == "linux" else set()


def _capture_fds(config):
    manager = config.pluginmanager.getplugin("capturemanager")
    fds = set()
    capture = getattr(manager, "_global_capturing", None)
    for part in (getattr(capture, name, None) for name in ("in_", "out", "err")):
        if part is None:
            continue
        fds.add(getattr(part, "targetfd_save", -1))
        try:
            fds.add(part.tmpfile.fileno())
        except (AttributeError, OSError, ValueError):
            # Captured in memory.
            pass
    return fds


def _faulthandler_fds(config):
    try:
        from _pytest.faulthandler import fault_handler_stderr_fd_key

        return {config.stash[fault_handler_stderr_fd_key]}
    except (ImportError, KeyError, AttributeError):
        # Of pytest 7 the copy of stderr is a file object that faulthandler keeps.
        store = getattr(config, "_store", None) or getattr(config, "stash", None)
        try:
            from _pytest.faulthandler import fault_handler_stderr_key

            return {store[fault_handler_stderr_key].fileno()}
        except (ImportError, KeyError, AttributeError, TypeError, ValueError):
            return set()


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


def forget_listings(root):
    """The import system remembers folders by their time, whose grain is coarse; only the workspace's can have changed."""
    for path, finder in sys.path_importer_cache.items():
        if hasattr(finder, "invalidate_caches") and (path + os.sep).startswith(root + os.sep):
            finder.invalidate_caches()


class Sources:
    """What a parked process has taken from the workspace: where it is no longer so, the process must not run."""

    def __init__(self, root, loaded, config, since):
        """since: when this process began. What changed after that may have been loaded in its old text."""
        self._root = root
        paths = {*(os.path.join(root, file) for file in loaded), *self._places_of_conftests(config)}
        self._files = {path: self._read(path) for path in paths}
        self._late = [path for path in paths if self._changed_after(path, since - _GRAIN)]
        self._test_paths = self._expand(config)

    def stale(self, config):
        """(words, files) of what changed; else None."""
        changed = [file for file in self._files if file in self._late or self._read(file) != self._files[file]]
        files = [os.path.relpath(file, self._root) for file in changed]
        if files:
            return "%s changed" % files[0], [file.replace(os.sep, "/") for file in files]
        if self._expand(config) != self._test_paths:
            return "testpaths stands for other folders now", []
        return None

    def _read(self, path):
        try:
            found = os.stat(path)
            if found.st_size > MAX_KEPT_BYTES or not stat.S_ISREG(found.st_mode):
                return (found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino)
            with open(path, "rb") as source:
                return source.read()
        except OSError:
            return None

    @staticmethod
    def _changed_after(path, moment):
        try:
            return os.stat(path).st_ctime > moment
        except OSError:
            return False

    def _expand(self, config):
        return [sorted(glob.iglob(path, recursive=True)) for path in config.getini("testpaths")]

    def _places_of_conftests(self, config):
        """pytest remembers where no conftest.py was, too."""
        folders = {self._root}
        for argument in config.args:
            folder = os.path.join(self._root, argument.partition("::")[0])
            folders.update((folder, os.path.dirname(folder), *glob.glob(os.path.join(glob.escape(folder), "test*"))))
        return [os.path.join(folder, "conftest.py") for folder in folders]


class Lot:
    """The place where a process waits for its run."""

    def __init__(self, control, stream, plan):
        self._control = control
        self._stream = stream
        self._plan = plan
        self._children = {}
        self._neighbours = set()
        self._spare = []
        self._scratch = Scratch(plan["scratch"]) if plan["scratch"] else None

    def wait(self, ready, copies):
        """
        Says that it is ready and waits for a run. Returns it: in a copy of this process where `copies`, else in this one.
        The engine's end of the channel closing ends the process without a trace.
        """
        self._stream.send(kind="parked", copies=copies, **ready)
        try:
            if not copies:
                return self._control.wait()
            gc.collect()
            gc.freeze()
            self._neighbours = _processes()
            return self._copy_for_each_run()
        except Leave:
            for child in list(self._children):
                self._end(child, signal.SIGKILL)
            # The spare ones see the end of their pipes.
            os._exit(0)

    def _copy_for_each_run(self):
        wanted = SPARE if _resident_bytes() < MAX_SPARE_BYTES else 1
        while True:
            while len(self._spare) < wanted and (not self._children or not self._spare):
                message = self._copy()
                if message is not None:
                    return message
            message = self._control.wait(_POLL if self._children else None)
            self._reap()
            if message is None:
                continue
            if "kill" in message:
                self._kill(message["kill"])
                continue
            if self._scratch is not None and not self._children:
                self._scratch.clear()
            pid, pipe = self._spare.pop(0)
            self._children[pid] = {"run": message["run"], "tag": message["tag"], "deadline": None}
            os.write(pipe, json.dumps(message).encode("ascii"))
            os.close(pipe)

    def _copy(self):
        """Makes a copy ahead of its run; returns the run in the copy, None in this process."""
        reading, writing = os.pipe()
        pid = os.fork()
        if pid:
            os.close(reading)
            _own_group(pid)
            self._spare.append((pid, writing))
            return None
        os.setpgid(0, 0)
        self._control.close()
        for fd in (writing, *(fd for _, fd in self._spare)):
            os.close(fd)
        # Touches every page of the heap now, so that the run does not have to copy them one by one.
        gc.unfreeze()
        gc.collect()
        with open(reading, "rb") as pipe:
            text = pipe.read()
        if not text:
            os._exit(0)
        return json.loads(text)

    def _kill(self, run):
        for pid, child in self._children.items():
            if child["run"] == run and child["deadline"] is None:
                child["deadline"] = time.monotonic() + GRACE
                _signal_group(pid, signal.SIGTERM)

    def _reap(self):
        for pid, child in list(self._children.items()):
            done, status = os.waitpid(pid, os.WNOHANG)
            if done == 0:
                if child["deadline"] is not None and time.monotonic() > child["deadline"]:
                    _signal_group(pid, signal.SIGKILL)
                continue
            self._end(pid, signal.SIGKILL)
            killed = os.WTERMSIG(status) if os.WIFSIGNALED(status) else None
            code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else None
            self._stream.send(kind="exit", run=child["run"], code=code, signal=killed and _name_of(killed))

    def _end(self, pid, how):
        """Ends what a run has left behind."""
        child = self._children.pop(pid)
        _signal_group(pid, how)
        left = set(tagged(child["tag"]))
        if self._plan["confined"] and not self._children:
            # Nobody else lives in this sandbox: what is there is the run's, whatever it did to its environment.
            left |= _processes() - self._neighbours - {spare for spare, _ in self._spare}
        for other in left:
            _signal(other, how)
        limit = time.monotonic() + GRACE
        while any(_lives(other) for other in left) and time.monotonic() < limit:
            time.sleep(0.002)


class Scratch:
    """Temporary folders that all copies in one sandbox share: what a run left there is removed, what was there before stays."""

    def __init__(self, folders):
        self._folders = [(folder, os.lstat(folder).st_dev, set(os.listdir(folder))) for folder in folders if os.path.isdir(folder)]

    def clear(self):
        for folder, device, kept in self._folders:
            for name in set(os.listdir(folder)) - kept:
                path = os.path.join(folder, name)
                # A mount is somebody's own.
                if os.lstat(path).st_dev != device:
                    continue
                if os.path.isdir(path) and not os.path.islink(path):
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    os.unlink(path)


def become(config, run, plan):
    """Makes a copy of a parked process one of its own: temporary folders, cache and captured output."""
    use_folder(run, plan)
    config.option.basetemp = os.path.join(run["private"], "pytest")
    manager = config.pluginmanager.getplugin("capturemanager")
    if manager is not None:
        manager.stop_global_capturing()
        manager.start_global_capturing()
        manager.suspend_global_capture()


def use_folder(run, plan):
    """Gives a copy temporary files, and a mark, of its own."""
    private = run["private"]
    os.makedirs(private, exist_ok=True)
    os.environ["TMPDIR"] = private
    os.environ[_TAG] = run["tag"]
    tempfile = sys.modules.get("tempfile")
    if tempfile is not None and tempfile.tempdir == plan["private"]:
        tempfile.tempdir = private


def redirect(config, run):
    """Points what pytest has configured already at the run's own folders."""
    from pathlib import Path

    factory = getattr(config, "_tmp_path_factory", None)
    if factory is not None:
        factory._given_basetemp = Path(run["private"], "pytest")
    cache = getattr(config, "cache", None)
    if cache is not None:
        cache._cachedir = Path(run["private"], "cache")


def _processes():
    """Ids of all processes that can be seen, but this one; Linux only."""
    entries = os.listdir("/proc") if sys.platform == "linux" else ()
    return {int(entry) for entry in entries if entry.isdigit()} - {os.getpid()}


def _lives(pid):
    try:
        with open("/proc/%d/stat" % pid) as file:
            return file.read().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def tagged(tag):
    """Ids of processes that carry a mark in their environment, or one of its runs' (the mark, a dash and a number); Linux only."""
    mark = ("%s=%s" % (_TAG, tag)).encode()
    found = []
    for pid in _processes():
        try:
            with open("/proc/%d/environ" % pid, "rb") as file:
                if any(entry == mark or entry.startswith(mark + b"-") for entry in file.read().split(b"\0")):
                    found.append(pid)
        except OSError:
            # Another's, or gone.
            pass
    return found


def _resident_bytes():
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0


def _name_of(number):
    try:
        return signal.Signals(number).name
    except ValueError:
        return "signal %d" % number


def _own_group(pid):
    try:
        os.setpgid(pid, pid)
    except OSError:
        # It was quicker, or has ended.
        pass


def _signal_group(pid, how):
    try:
        os.killpg(pid, how)
    except OSError:
        # Empty.
        pass


def _signal(pid, how):
    try:
        os.kill(pid, how)
    except OSError:
        # Ended meanwhile.
        pass
