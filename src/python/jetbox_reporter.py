"""The pytest plugin that tells Jetbox what pytest reported, as records.

Standard library and pytest only; Python 3.9 and pytest 7 or newer. Nothing is read off pytest's terminal text.
"""

import os
import sys
import sysconfig
import types

import jetbox_originals as originals
import jetbox_places as placing


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
                cause = placing.root_cause(error)
                detail = places.describe(cause, path)
                stream.send(kind="collect-error", id=path, file=path, message=placing.words(cause, memory_limit), **detail)

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
                self._remember(node, placing.root_cause(call.excinfo.value), "collect")

        def _remember(self, node, error, when):
            self._details[(node.nodeid, when)] = self._detail(node, error)

        def _detail(self, node, error):
            detail = places.describe(error, places.relative(node.path))
            detail["message"] = placing.words(error, memory_limit)
            return detail

        def pytest_collectreport(self, report):
            if self._worker or not report.failed:
                return
            known = self._details.pop((report.nodeid, "collect"), None)
            identity = report.nodeid or "conftest.py"
            detail = known or {"line": None, "column": 1, "frame": None, "message": placing.capped(report.longreprtext)}
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
            return {"line": line, "column": 1, "frame": None, "message": placing.capped(message)}

        @pytest.hookimpl(trylast=True)
        def pytest_sessionfinish(self, session, exitstatus):
            if self._worker:
                return
            recorder.test_file = None
            recorder.note_foundation(self._foundation | self._own_plugins(session.config), self._own_test_files())
            for file, reads, unfollowed, writes in recorder.observed():
                stream.keep(kind="observed", file=file, reads=reads, unfollowed=unfollowed, writes=writes)
            if not _runs_elsewhere(session.config.option):
                stream.send(kind="recorded")
            stream.send(kind="finish", status=int(exitstatus))
            # The verdict is out; what follows makes the next run faster.
            names = _installed_modules([name for name in sys.modules if name not in self._loaded_before])
            stream.send(kind="loaded", modules=names, looksAtModules=_mentions_loaded_modules(self._files))

    return Reporter()
