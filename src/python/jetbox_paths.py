"""Which paths are the workspace's own."""

import os

import jetbox_originals as originals

#: Some suites open the same files thousands of times.
MAX_REMEMBERED = 20_000


class Paths:
    """Which paths are the workspace's own."""

    def __init__(self, root):
        self.root = originals.realpath(root)
        self._prefix = originals.join(self.root, "")
        self._environments = {}
        self._folders = {}
        self._codes = {}
        self._relatives = {}

    def relative(self, path):
        """Relative to the workspace with forward slashes; None for what is outside or belongs to an environment."""
        if isinstance(path, bytes):
            path = originals.fsdecode(path)
        elif not isinstance(path, str):
            path = originals.fspath(path)
        if not originals.isabs(path):
            return self._look_up(originals.join(originals.getcwd(), path))
        try:
            return self._relatives[path]
        except KeyError:
            if len(self._relatives) >= MAX_REMEMBERED:
                self._relatives.clear()
            found = self._relatives[path] = self._look_up(path)
            return found

    def _look_up(self, path):
        path = originals.normpath(path)
        if path == self.root:
            return ""
        if not path.startswith(self._prefix):
            return None
        relative = path[len(self._prefix) :].replace(os.sep, "/")
        return None if "site-packages" in relative or self._in_environment(relative) else relative

    def resolved(self, relative):
        """The same file by its real name, where a folder on the way is a link; else None."""
        folder, _, name = relative.rpartition("/")
        try:
            real = self._folders[folder]
        except KeyError:
            place = originals.join(self.root, folder)
            real = originals.realpath(place)
            real = self._folders[folder] = None if real == originals.normpath(place) else real
        return None if real is None else self.relative(originals.join(real, name))

    def code(self, filename):
        """The workspace file of a code object's file name, or None; remembered, since stacks repeat."""
        try:
            return self._codes[filename]
        except KeyError:
            own = not filename.startswith("<") and filename.endswith((".py", ".pyw"))
            found = self._codes[filename] = self.relative(filename) if own else None
            return found

    def _in_environment(self, relative):
        top = relative.partition("/")[0]
        known = self._environments.get(top)
        if known is None:
            known = originals.exists(originals.join(self.root, top, "pyvenv.cfg"))
            self._environments[top] = known
        return known
