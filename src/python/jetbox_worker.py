"""One pytest process of Jetbox, from its start to its end: ``python jetbox_worker.py``.

File descriptor 4 brings JSON lines from the engine: first the plan, then the run; its end is the end of the engine.
File descriptor 3 takes the answers. Standard library and pytest only; Python 3.9 and pytest 7 or newer.
"""

import json
import os
import select
import sys
import time

REPORT_FD = 3
CONTROL_FD = 4
#: The lowest priority that there is.
BACKGROUND_NICENESS = 19
OWN_FOLDER = os.path.dirname(os.path.abspath(__file__))
OWN_MODULES = (
    "jetbox_libc",
    "jetbox_lot",
    "jetbox_named",
    "jetbox_originals",
    "jetbox_pages",
    "jetbox_parking",
    "jetbox_paths",
    "jetbox_places",
    "jetbox_preload",
    "jetbox_processes",
    "jetbox_recorder",
    "jetbox_reporter",
    "jetbox_selection",
    "jetbox_sought",
    "jetbox_stack",
    "jetbox_stream",
    "jetbox_watches",
)

# The folder of a script leads sys.path; that of plain ``pytest`` is another one.
sys.path[:] = [entry for entry in sys.path if entry and os.path.abspath(entry) != OWN_FOLDER]
sys.path.insert(0, OWN_FOLDER)
import jetbox_lot as lots  # noqa: E402
import jetbox_parking as parking  # noqa: E402
import jetbox_places as placing  # noqa: E402
import jetbox_preload as preloading  # noqa: E402
import jetbox_processes as processes  # noqa: E402
import jetbox_recorder as recording  # noqa: E402
import jetbox_reporter as reporting  # noqa: E402
import jetbox_selection as selections  # noqa: E402
import jetbox_sought as asking  # noqa: E402
import jetbox_stream as streams  # noqa: E402

del sys.path[0]
for name in OWN_MODULES:
    del sys.modules[name]


class Control:
    """What the engine says."""

    def __init__(self, fd):
        os.set_inheritable(fd, False)
        self._fd = fd
        self._rest = b""

    def wait(self, seconds=None):
        """The next message; None when none came in time. Raises Leave at the engine's end."""
        while b"\n" not in self._rest:
            if seconds is not None and not select.select([self._fd], [], [], seconds)[0]:
                return None
            try:
                chunk = os.read(self._fd, 65536)
            except OSError:
                chunk = b""
            if not chunk:
                raise lots.Leave
            self._rest += chunk
        line, _, self._rest = self._rest.partition(b"\n")
        return json.loads(line)

    def close(self):
        os.close(self._fd)


def pose_as_pytest(arguments):
    """Tests find in sys.argv, sys.path and __main__ what plain ``pytest`` shows them; multiprocessing loads its children from there."""
    import sysconfig

    script = os.path.join(sysconfig.get_path("scripts"), "pytest")
    main = sys.modules["__main__"]
    if os.path.isfile(script):
        sys.path.insert(0, os.path.dirname(script))
        main.__file__ = script
    else:
        import pytest

        main.__file__ = os.path.join(os.path.dirname(pytest.__file__), "__main__.py")
    sys.argv = [main.__file__, *arguments]


def create_plugin(worker):
    """The plugin that decides where the process waits, and what it collects; made after pytest is known to be importable."""
    import pytest

    class Worker:
        @pytest.hookimpl(tryfirst=True)
        def pytest_cmdline_main(self, config):
            worker.configured(config)

        @pytest.hookimpl(trylast=True)
        def pytest_configure(self, config):
            worker.redirect(config)

        @pytest.hookimpl(tryfirst=True)
        def pytest_collection(self, session):
            worker.opened(session.config)

        @pytest.hookimpl(tryfirst=True)
        def pytest_ignore_collect(self, collection_path):
            return True if worker.selection.ignores(collection_path) else None

    return Worker()


class Process:
    """What this process is for, and how far it has come."""

    def __init__(self, control, stream, plan):
        self.control = control
        self.stream = stream
        self.plan = plan
        self.run = None
        self.copied = False
        self.reporter = None
        self.recorder = recording.Recorder(plan["root"], OWN_FOLDER)
        self.pytests_own = set()
        self.selection = selections.Selection(plan["root"])
        self.sought = asking.Sought()
        self.lot = lots.Lot(control, stream, plan)
        self.known_fds = parking.open_fds()
        self.started = time.time()
        self.writes_bytecode = not sys.dont_write_bytecode

    def start(self):
        """pytest's exit status."""
        plan = self.plan
        if plan["form"] == "spawned":
            self.stream.keeps = False
            self.run = self.control.wait()
        else:
            self.sought.start()
        pose_as_pytest(plan["args"] if self.run is None else self.run["args"])
        try:
            import pytest
        except ModuleNotFoundError as error:
            if error.name != "pytest":
                raise
            self.stream.send(kind="no-pytest")
            return 1
        if plan["form"] != "spawned":
            # A file may change while it is loaded here; bytecode of its old text, written later, would pass for the new one's.
            sys.dont_write_bytecode = True
            preloading.rehearse(plan["private"])
        self.pytests_own = self.recorder.own_modules()
        if self.pytests_own and plan["form"] != "spawned":
            self.stream.send(kind="unparkable", use="spawned", why=self._why_own())
            os._exit(0)
        if plan["form"] == "preloaded":
            self._wait_preloaded()
        elif plan["form"] == "parked":
            self.recorder.loaded = parking.ToldFiles(self.stream)
        arguments = plan["args"] if self.run is None else self.run["args"]
        places = placing.Places(plan["root"])
        self.reporter = reporting.create_plugin(self.stream, places, self.recorder, plan["memoryBytes"])
        if self.run is not None:
            self._begin()
        self.recorder.start(plan["private"] if self.run is None else self.run["private"])
        return int(pytest.main(list(arguments), plugins=[self.reporter, create_plugin(self)]))

    def configured(self, config):
        """pytest has read its configuration and loaded the initial conftest.py files."""
        use, why = self._advice(config)
        if self.run is not None:
            self.stream.send(kind="advice", use=use, why=why)
            if parking.unparkable(config) is not None:
                self.selection.hand_over(config, self.run["files"])
            return
        if use != "parked":
            self.stream.send(kind="unparkable", use=use, why=why)
            os._exit(0)
        early = parking.why_early(config, self.plan["root"])
        if early is not None:
            self._wait(config, "parked-early", early)

    def opened(self, config):
        """The session is open; the next step is to collect."""
        if self.run is None:
            self._wait(config, "parked", "")
        self.recorder.loading_is_over()
        if not getattr(config.option, "tx", None):
            self.selection.choose(config, self.run["files"], self.run["leftOut"])

    def redirect(self, config):
        """pytest is configured: in a copy, with folders that belong to the process it was copied from."""
        if self.copied:
            parking.redirect(config, self.run)

    def _advice(self, config):
        why = parking.unparkable(config)
        if why is not None:
            return "spawned", why
        if self.pytests_own:
            return "spawned", self._why_own()
        if self.recorder.acts:
            return "preloaded", self.recorder.acts[0]
        return "parked", ""

    def _why_own(self):
        return "pytest itself loads %s of the workspace" % min(self.pytests_own)

    def _wait_preloaded(self):
        early = set(preloading.rewritten(self.plan["preload"]))
        self._preload([name for name in self.plan["preload"] if name not in early])
        copies = self.plan["copies"] and sys.platform == "linux" and len(os.listdir("/proc/self/task")) == 1
        self.sought.stop()
        ready = {"form": "preloaded", "why": "", "names": self.sought.names(), "listed": []}
        self.run = self.lot.wait(ready, copies)
        if copies:
            parking.use_folder(self.run, self.plan)
        sys.argv[1:] = self.run["args"]

    def _wait(self, config, form, why):
        self._preload(self.plan["preload"])
        single = self._why_single(config)
        self.recorder.loading_is_over()
        self.reporter.make_ready(config)
        self.sought.stop()
        sources = parking.Sources(self.plan["root"], self.recorder.loaded, config, self.started)
        ready = {"form": form, "why": why or single or "", "names": self.sought.names(), "listed": self._listed()}
        self.run = self.lot.wait(ready, copies=single is None, on_copied=lambda: parking.separate(config))
        self.copied = single is None
        stale = sources.stale(config)
        if stale is not None:
            # A copy is not heard before it speaks for its run.
            self.stream.speak_for(self.run["run"])
            self.stream.send(kind="stale", run=self.run["run"], why=stale[0], files=stale[1])
            os._exit(0)
        parking.forget_listings(self.plan["root"])
        if self.copied:
            parking.become(config, self.run, self.plan)
            if form == "parked":
                parking.redirect(config, self.run)
        self._begin()

    def _listed(self):
        """Folders whose entries code of the workspace has listed as it was loaded."""
        return sorted({name for _, reads, _ in self.recorder.observed() for name in reads if name.endswith("/")})

    def _preload(self, names):
        spoken = preloading.preload(names)
        if spoken:
            # What they said would not be heard again in this process.
            self.stream.send(kind="spoken", modules=spoken)
            os._exit(0)

    def _why_single(self, config):
        """Why this process runs itself, in words; None where copies of it may."""
        if not self.plan["copies"]:
            return "copies are switched off"
        if self.recorder.leftovers:
            return self.recorder.leftovers[0]
        return parking.why_not_copied(config, self.known_fds)

    def _begin(self):
        sys.dont_write_bytecode = not self.writes_bytecode
        if self.run["background"] and hasattr(os, "nice"):
            os.nice(BACKGROUND_NICENESS)
        self.stream.speak_for(self.run["run"])
        self.reporter.begin()


def leave(status):
    """Ends a copy: what was registered for its end is done. Taking the interpreter apart besides would only take time from the next run."""
    import atexit
    import threading

    try:
        threading._shutdown()
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(status)


def main():
    control = Control(CONTROL_FD)
    stream = streams.Stream(REPORT_FD)
    try:
        plan = control.wait()
        if not plan["confined"]:
            processes.watch_over(plan["tag"], CONTROL_FD)
        processes.limit_memory(plan["memoryBytes"])
        process = Process(control, stream, plan)
        status = process.start()
        if process.copied:
            leave(status)
        return status
    except lots.Leave:
        return 0


if __name__ == "__main__":
    sys.exit(main())
