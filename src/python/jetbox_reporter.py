"""The pytest plugin that tells Jetbox what pytest reported, as JSON lines on a file descriptor of its own.

Standard library and pytest only; Python 3.9 and pytest 7 or newer. Nothing is read off pytest's terminal text.
"""

import os
import sys
import sysconfig
import types

import jetbox_originals as originals

MAX_MESSAGE_CHARS = 2000
MAX_SOURCE_CHARS = 300
#: So many bytes are written at once, or not at all, whoever else writes there (PIPE_BUF of pipe(7)).
MAX_WRITTEN = 4096
MAX_KEPT_SECONDS = 0.02
#: Each character may take two in a JSON string.
MAX_PIECE = 2000


class Stream:
    """JSON lines; silent in children of the tests, which must not speak for the session."""

    def __init__(self, fd):
        os.set_inheritable(fd, False)
        self._fd = fd
        self._pid = originals.getpid()
        self._run = None
        self._kept = b""
        self._written = 0.0
        #: Whether what is kept may be lost with a process that ends early; a new interpreter is there to tell how far it came.
        self.keeps = True

    def speak_for(self, run):
        """From here on this process, and no other, speaks for a run."""
        self._pid = originals.getpid()
        self._run = run

    def keep(self, **record):
        """Sends it with what comes soon after it: each sending wakes the engine."""
        if originals.getpid() == self._pid:
            self._take(record)
            if not self.keeps or originals.monotonic() - self._written > MAX_KEPT_SECONDS:
                self._write()

    def send(self, **record):
        if originals.getpid() == self._pid:
            self._take(record)
            self._write()

    def _take(self, record):
        if self._run is not None:
            record.setdefault("run", self._run)
        for line in self._lines(originals.dumps(record, ensure_ascii=True)):
            if len(self._kept) + len(line) > MAX_WRITTEN:
                self._write()
            self._kept += line

    def _lines(self, text):
        """Copies of one process write to the same end: what is longer than one writing goes in pieces, each of which is a line."""
        if len(text) < MAX_WRITTEN:
            yield (text + "\n").encode("ascii")
            return
        for start in range(0, len(text), MAX_PIECE):
            end = start + MAX_PIECE
            piece = {"kind": "piece", "of": self._pid, "text": text[start:end], "first": start == 0, "last": end >= len(text)}
            yield (originals.dumps(piece) + "\n").encode("ascii")

    def _write(self):
        data, self._kept = self._kept, b""
        self._written = originals.monotonic()
        try:
            while data:
                data = data[originals.write(self._fd, data) :]
        except OSError:
            # Nobody listens any more, or the tests closed it: the missing end of the report says so.
            pass


def _capped(text, limit=MAX_MESSAGE_CHARS):
    text = str(text).strip()
    return text if len(text) <= limit else text[:limit] + "..."


class Places:
    """Frames and files, as the workspace sees them."""

    def __init__(self, root):
        self._root = originals.realpath(root)
        self._known = {}

    def relative(self, path):
        """Path relative to the workspace with forward slashes, or None when it is outside or belongs to an environment."""
        text = str(path)
        if not originals.isabs(text):
            return self._look_up(text)
        try:
            return self._known[text]
        except KeyError:
            # Following links costs a look at each folder above, and the same files come up with every frame.
            found = self._known[text] = self._look_up(text)
            return found

    def _written(self, filename):
        """As ``relative``; None for code that stands in no file, such as ``<frozen importlib._bootstrap>`` or ``<string>``."""
        return None if filename.startswith("<") else self.relative(filename)

    def _look_up(self, text):
        try:
            relative = originals.relpath(originals.realpath(text), self._root)
        except ValueError:
            return None
        parts = relative.split(os.sep)
        if parts[0] == ".." or originals.isabs(relative):
            return None
        return None if "site-packages" in parts or self._in_environment(parts) else "/".join(parts)

    def _in_environment(self, parts):
        folder = self._root
        for part in parts[:-1]:
            folder = originals.join(folder, part)
            if originals.exists(originals.join(folder, "pyvenv.cfg")):
                return True
        return False

    def source(self, path, line):
        try:
            with originals.open(path, encoding="utf-8", errors="replace") as file:
                for number, text in enumerate(file, 1):
                    if number == line:
                        return text.rstrip("\r\n")
        except (OSError, ValueError):
            pass
        return ""

    def frames(self, error):
        """(file, path, line, function) of every frame in the workspace, outermost first."""
        found = []
        traceback = error.__traceback__
        while traceback is not None:
            code = traceback.tb_frame.f_code
            file = self._written(code.co_filename)
            if file is not None:
                found.append((file, code.co_filename, traceback.tb_lineno, code.co_name))
            traceback = traceback.tb_next
        if isinstance(error, SyntaxError) and error.filename:
            file = self._written(error.filename)
            if file is not None:
                found.append((file, error.filename, error.lineno or 1, "<module>"))
        return found

    def describe(self, error, own_file):
        """Where an exception struck: the line in the test's own file, and the innermost frame outside it."""
        frames = self.frames(error)
        own = [frame for frame in frames if frame[0] == own_file]
        others = [frame for frame in frames if frame[0] != own_file]
        return {
            "line": own[-1][2] if own else None,
            "column": self._column(own[-1][1], own[-1][2]) if own else 1,
            "frame": self._frame(others[-1]) if others else None,
        }

    def _column(self, path, line):
        source = self.source(path, line)
        return len(source) - len(source.lstrip()) + 1

    def _frame(self, frame):
        file, path, line, function = frame
        return {
            "file": file,
            "line": line,
            "column": self._column(path, line),
            "functionName": function,
            "source": _capped(self.source(path, line), MAX_SOURCE_CHARS),
        }


def _root_cause(error):
    """pytest wraps what an import raised; the cause has the place."""
    wrappers = ("CollectError", "ConftestImportFailure")
    while type(error).__name__ in wrappers:
        inner = getattr(error, "cause", None) or error.__cause__
        if inner is None:
            excinfo = getattr(error, "excinfo", None)
            inner = excinfo[1] if isinstance(excinfo, tuple) else None
        if not isinstance(inner, BaseException):
            break
        error = inner
    return error


def _words(error, memory_limit):
    words = "%s: %s" % (type(error).__name__, error) if str(error) else type(error).__name__
    if isinstance(error, MemoryError) and memory_limit:
        words += " (the tests may use %d MB: jetbox.probe.memoryLimit)" % (memory_limit // (1024 * 1024))
    return _capped(words)


def _installed_modules(names):
    """Those of the names that the environment provides, in the order of their loading; never the project's own."""
    roots = tuple(originals.join(sysconfig.get_path(key), "") for key in ("stdlib", "platstdlib", "purelib", "platlib"))
    found = []
    for name in names:
        spec = getattr(sys.modules.get(name), "__spec__", None)
        origin = getattr(spec, "origin", None)
        if spec is None or spec.name != name or origin is None:
            continue
        if origin in ("built-in", "frozen") or origin.startswith(roots) or "site-packages" in origin:
            found.append(name)
    return found


def _mentions_loaded_modules(files):
    """Whether a test looks at what is loaded; nothing may be loaded ahead for it then."""
    for file in files:
        try:
            with originals.open(file, "rb") as source:
                if b"sys.modules" in source.read():
                    return True
        except OSError:
            # Deleted meanwhile.
            pass
    return False


def _is_pytests(plugin):
    name = plugin.__name__ if isinstance(plugin, types.ModuleType) else type(plugin).__module__
    return name.startswith("_pytest.")


def _runs_elsewhere(option):
    """Whether tests run in processes that the recorder does not see (pytest-xdist, pytest-forked)."""
    return bool(getattr(option, "tx", None) or getattr(option, "forked", False))


def create_plugin(stream, places, recorder, memory_limit):
    """The plugin object; made after pytest is known to be importable."""
    import pytest

    class Reporter:
        def __init__(self):
            self._details = {}
            self._worker = False
            self._session = None
            self._begun = False
            self._files = set()
            self._foundation = set()
            self._loaded_before = frozenset()
            self._has_failed = False

        def make_ready(self, config):
            """Looks up ahead of the run what it will ask."""
            self._own_plugins(config)

        def begin(self):
            """The run begins: what pytest tells from here on is told. What it told while it parked is caught up with."""
            self._begun = True
            self._loaded_before = frozenset(sys.modules)
            if self._session is not None:
                self._tell_start()

        def _keep_quiet(self):
            """pytest's own words, which are only looked at where a run ends too early, go out as they fill their buffer: it wakes the engine with each test."""
            terminal = self._session.config.pluginmanager.getplugin("terminalreporter")
            writer = getattr(terminal, "_tw", None)
            if hasattr(writer, "flush"):
                writer.flush = lambda: None

        @pytest.hookimpl(hookwrapper=True)
        def pytest_load_initial_conftests(self):
            self._foundation = recorder.own_modules()
            outcome = yield
            error = outcome.excinfo[1] if outcome.excinfo else None
            if error is not None and type(error).__name__ == "ConftestImportFailure":
                path = places.relative(error.path) or str(error.path)
                cause = _root_cause(error)
                detail = places.describe(cause, path)
                stream.send(kind="collect-error", id=path, file=path, message=_words(cause, memory_limit), **detail)

        @pytest.hookimpl(tryfirst=True)
        def pytest_sessionstart(self, session):
            self._session = session
            self._worker = hasattr(session.config, "workerinput")
            if self._begun:
                self._tell_start()

        def _tell_start(self):
            if stream.keeps:
                self._keep_quiet()
            if not self._worker:
                stream.send(kind="start", pytest=pytest.__version__, collectOnly=bool(self._session.config.option.collectonly))

        @pytest.hookimpl(hookwrapper=True)
        def pytest_make_collect_report(self, collector):
            recorder.test_file = places.relative(collector.path) if isinstance(collector, pytest.File) else None
            yield
            recorder.test_file = None

        @pytest.hookimpl(tryfirst=True)
        def pytest_runtest_protocol(self, item):
            recorder.test_file = places.relative(item.path)

        def pytest_deselected(self, items):
            stream.send(kind="deselected", count=len(items))

        @pytest.hookimpl(trylast=True)
        def pytest_collection_finish(self, session):
            self._files.update(item.path for item in session.items)
            if session.items and not self._worker:
                stream.send(kind="collected", count=len(session.items))

        @pytest.hookimpl(optionalhook=True)
        def pytest_xdist_node_collection_finished(self, node, ids):
            stream.send(kind="collected", count=len(ids))

        @pytest.hookimpl(hookwrapper=True)
        def pytest_runtest_makereport(self, item, call):
            if not self._has_failed and self._surely_fails(item, call):
                self._has_failed = True
                file, line, _ = item.location
                stream.send(kind="failing", id=item.nodeid, **self._place(file, line, self._detail(item, call.excinfo.value)))
            outcome = yield
            if call.excinfo is not None and outcome.excinfo is None and outcome.get_result().failed:
                self._remember(item, call.excinfo.value, call.when)

        def _surely_fails(self, item, call):
            """Before pytest has put the failure into words, which takes longer than the test: only where nothing can make another outcome of it."""
            if call.when != "call" or call.excinfo is None:
                return False
            # What skips and gives up is no Exception, but for unittest's own.
            unittest = sys.modules.get("unittest")
            skips = (unittest.SkipTest,) if unittest is not None else ()
            if not isinstance(call.excinfo.value, Exception) or isinstance(call.excinfo.value, skips):
                return False
            if type(item) is not pytest.Function or item.get_closest_marker("xfail") is not None:
                return False
            hooks = (item.ihook.pytest_runtest_makereport, item.ihook.pytest_runtest_protocol)
            return all(_is_pytests(impl.plugin) or impl.plugin is self for hook in hooks for impl in hook.get_hookimpls())

        def pytest_exception_interact(self, node, call, report):
            # Of tests this comes after their report was sent.
            if isinstance(report, pytest.CollectReport):
                self._remember(node, _root_cause(call.excinfo.value), "collect")

        def _remember(self, node, error, when):
            self._details[(node.nodeid, when)] = self._detail(node, error)

        def _detail(self, node, error):
            detail = places.describe(error, places.relative(node.path))
            detail["message"] = _words(error, memory_limit)
            return detail

        def pytest_collectreport(self, report):
            if self._worker or not report.failed:
                return
            known = self._details.pop((report.nodeid, "collect"), None)
            identity = report.nodeid or "conftest.py"
            detail = known or {"line": None, "column": 1, "frame": None, "message": _capped(report.longreprtext)}
            stream.send(kind="collect-error", id=identity, file=identity.split("::")[0], **detail)

        def pytest_runtest_logreport(self, report):
            if self._worker:
                return
            outcome = self._outcome(report)
            if outcome is None:
                return
            record = {"kind": "test", "id": report.nodeid, "outcome": outcome}
            if outcome in ("failed", "error"):
                stream.send(**record, **self._failure(report))
            else:
                stream.keep(**record)

        def _failure(self, report):
            file, line, _ = report.location
            return self._place(file, line, self._details.pop((report.nodeid, report.when), None) or self._from_text(report))

        def _place(self, file, line, detail):
            if detail["line"] is None:
                detail["line"] = (line or 0) + 1
            return {"file": file.replace(os.sep, "/"), **detail}

        def _own_plugins(self, config):
            """Files of plugins that the workspace has; of a conftest.py the import graph knows."""
            files = (getattr(plugin, "__file__", None) for plugin in config.pluginmanager.get_plugins())
            own = (places.relative(file) for file in files if isinstance(file, str) and not file.endswith("conftest.py"))
            return {file for file in own if file is not None}

        def _own_test_files(self):
            return {file for file in (places.relative(path) for path in self._files) if file is not None}

        def _outcome(self, report):
            expected = hasattr(report, "wasxfail")
            if report.when == "call":
                if expected:
                    return "xfailed" if report.skipped else "xpassed"
                return report.outcome
            if report.failed:
                return "error"
            if report.skipped:
                return "xfailed" if expected else "skipped"
            return None

        def _from_text(self, report):
            """Of a worker's report (xdist) the exception itself is not at hand."""
            crash = getattr(report.longrepr, "reprcrash", None)
            message = getattr(crash, "message", None) or report.longreprtext
            file = places.relative(crash.path) if crash is not None else None
            line = crash.lineno if file is not None and file == report.location[0].replace(os.sep, "/") else None
            return {"line": line, "column": 1, "frame": None, "message": _capped(message)}

        @pytest.hookimpl(trylast=True)
        def pytest_sessionfinish(self, session, exitstatus):
            if self._worker:
                return
            recorder.test_file = None
            recorder.note_foundation(self._foundation | self._own_plugins(session.config), self._own_test_files())
            for file, reads, unfollowed, writes in recorder.observed():
                stream.send(kind="observed", file=file, reads=reads, unfollowed=unfollowed, writes=writes)
            if not _runs_elsewhere(session.config.option):
                stream.send(kind="recorded")
            stream.send(kind="finish", status=int(exitstatus))
            # The verdict is out; what follows makes the next run faster.
            names = _installed_modules([name for name in sys.modules if name not in self._loaded_before])
            stream.send(kind="loaded", modules=names, looksAtModules=_mentions_loaded_modules(self._files))

    return Reporter()
