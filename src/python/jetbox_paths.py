"""Which paths are the workspace's own."""

import os


class Paths:
    """Which paths are the workspace's own."""

    def __init__(self, root):
        self.root = os.path.realpath(root)
        self._prefix = os.path.join(self.root, "")
        self._environments = {}
        self._folders = {}
        self._codes = {}

    def relative(self, path):
        """Relative to the workspace with forward slashes; None for what is outside or belongs to an environment."""
        if isinstance(path, bytes):
            path = os.fsdecode(path)
        elif not isinstance(path, str):
            path = os.fspath(path)
        path = os.path.normpath(path if os.path.isabs(path) else os.path.join(os.getcwd(), path))
        if path == self.root:
            return ""
        if not path.startswith(self._prefix):
            return None
        relative = path[len(self._prefix) :].replace(os.sep, "/")
        return None if "site-packages" in relative or self._in_environment(relative) else relative

    def resolved(self, relative):
        """The same file by its real name, where a folder on the way is a link; else None."""
        folder, _, name = relative.rpartition("/")
        real = self._folders.get(folder)
        if real is None:
            real = self._folders[folder] = os.path.realpath(os.path.join(self.root, folder))
        if real == os.path.normpath(os.path.join(self.root, folder)):
            return None
        return self.relative(os.path.join(real, name))

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
            known = os.path.exists(os.path.join(self.root, top, "pyvenv.cfg"))
            self._environments[top] = known
        return known
