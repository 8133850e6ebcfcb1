"""A pytest plugin of the benchmark: writes down every outcome that pytest reports, whoever started it.

Installed into the benchmark's environments by an entry point, so that the engine's workers and plain pytest load it alike and
the engine is not asked about itself. Silent unless ``<environment>/outcomes`` exists; each process appends to a file of its own.
"""

import json
import os
import sys


class Recorder:
    def __init__(self, folder):
        self._folder = folder

    def _record(self, identity, when, outcome):
        path = os.path.join(self._folder, "%d.jsonl" % os.getpid())
        data = (json.dumps([identity, when, outcome]) + "\n").encode("ascii")
        file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, data)
        finally:
            os.close(file)

    def pytest_collectreport(self, report):
        if report.failed:
            self._record(report.nodeid, "collect", "failed")

    def pytest_runtest_logreport(self, report):
        if report.when == "call" or not report.passed:
            expected = "x" if hasattr(report, "wasxfail") else ""
            self._record(report.nodeid, report.when, expected + report.outcome)


def pytest_configure(config):
    folder = os.path.join(sys.prefix, "outcomes")
    # xdist's workers report to the process that started them.
    if os.path.isdir(folder) and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Recorder(folder), "jetbox-bench-outcomes")
