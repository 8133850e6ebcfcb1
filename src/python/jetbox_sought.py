"""Which modules were asked for: where a file comes that has such a name, what asked would get another answer now."""

import sys


class Sought:
    """The last on ``sys.meta_path``: what nobody before it has found is remembered, and not found here either."""

    def __init__(self):
        self._vain = set()

    def start(self):
        sys.meta_path.append(self)

    def stop(self):
        """Tests must not meet it."""
        if self in sys.meta_path:
            sys.meta_path.remove(self)

    def find_spec(self, name, path=None, target=None):
        self._vain.add(name)

    def names(self):
        """Names of all modules that are loaded, or were asked for in vain."""
        return sorted(name for name in {*sys.modules, *self._vain} if isinstance(name, str))
