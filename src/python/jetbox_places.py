"""What went wrong, and where: exceptions by the workspace's own files and lines."""

import os

import jetbox_originals as originals

MAX_MESSAGE_CHARS = 2000
MAX_SOURCE_CHARS = 300


def capped(text, limit=MAX_MESSAGE_CHARS):
    """The text, cut where it is longer."""
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
            "source": capped(self.source(path, line), MAX_SOURCE_CHARS),
        }


def root_cause(error):
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


def words(error, memory_limit):
    """What an exception says, for people."""
    told = "%s: %s" % (type(error).__name__, error) if str(error) else type(error).__name__
    if isinstance(error, MemoryError) and memory_limit:
        told += " (the tests may use %d MB: jetbox.probe.memoryLimit)" % (memory_limit // (1024 * 1024))
    return capped(told)
