"""Whether and how a pytest process can stand ready until it is told what to run, and whether it still may.

A parked process has pytest started and configured, the initial conftest.py files loaded and the session open. Where it may be
copied (Linux, one thread, nothing that copies would share), a copy made by fork runs and the parked one stays.
"""

import glob
import os
import stat
import sys

import jetbox_processes as processes

#: Lowest and highest major version whose start-up is known well enough to stop in.
KNOWN_PYTEST = (7, 9)
#: Larger files are told apart by size and times.
MAX_KEPT_BYTES = 4 * 1024 * 1024
#: The grain of a file's times, in seconds, with room to spare.
_GRAIN = 0.05


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


def forget_listings(root):
    """The import system remembers folders by their time, whose grain is coarse; only the workspace's can have changed."""
    for path, finder in sys.path_importer_cache.items():
        if hasattr(finder, "invalidate_caches") and (path + os.sep).startswith(root + os.sep):
            finder.invalidate_caches()


class ToldFiles(set):
    """Files that a process opens as it parks, each told as it is opened: one that never comes to stand ready is known by them, too."""

    def __init__(self, stream):
        super().__init__()
        self._stream = stream

    def add(self, file):
        if file not in self:
            super().add(file)
            self._stream.send(kind="loads", file=file)


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


def separate(config):
    """Gives a copy of a parked process captured output of its own; of which run it is not known yet."""
    manager = config.pluginmanager.getplugin("capturemanager")
    if manager is not None:
        manager.stop_global_capturing()
        manager.start_global_capturing()
        manager.suspend_global_capture()


def become(config, run, plan):
    """Makes a copy of a parked process that of a run: its temporary folders and cache."""
    use_folder(run, plan)
    config.option.basetemp = os.path.join(run["private"], "pytest")


def use_folder(run, plan):
    """Gives a copy temporary files, and a mark, of its own."""
    private = run["private"]
    # Where it stands, pytest does not write the three files that explain it (0.5 ms at the end of a run, before its verdict).
    os.makedirs(os.path.join(private, "cache"), exist_ok=True)
    os.environ["TMPDIR"] = private
    os.environ[processes.TAG] = run["tag"]
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
