"""Which of the files that pytest would collect a run takes."""

import os


class Selection:
    """Of all files that pytest would collect, the chosen ones."""

    def __init__(self, root):
        self._root = root
        self._files = None
        self._left_out = set()
        self._folders = set()
        #: What pytest is told to collect, and the folders above: it does without none of them.
        self._arguments = set()

    def choose(self, config, files, left_out):
        if left_out:
            self._left_out = self._paths(left_out)
            if not config.option.pyargs:
                config.args[:] = [argument for argument in config.args if not self._is_left_out(config, argument)]
        if files is None:
            return
        paths = self._paths(files)
        self._files = paths
        self._folders = {folder for path in paths for folder in _above(path)}
        if not config.option.pyargs:
            config.args[:] = [argument for argument in config.args if self._keeps(config, argument)]
            self._narrow_listings(config)

    def hand_over(self, config, files):
        """pytest-xdist collects in processes of its own, which know only arguments."""
        if files is not None:
            config.args[:] = list(files)

    def ignores(self, path):
        return self._ignores(str(path), path.name)

    def _ignores(self, path, name):
        text = os.path.normcase(path)
        if text in self._left_out:
            return True
        if self._files is None:
            return False
        if text in self._files or text in self._folders:
            return False
        return not (name == "__init__.py" and os.path.dirname(text) in self._folders)

    def _narrow_listings(self, config):
        """
        Leaves what is ignored out of the folders that pytest lists (pytest 8 and newer): of each entry it would ask its hooks, which
        takes 7 us (measured on 2026-11-30 in a folder of 33).
        """
        import _pytest.main
        import _pytest.python

        for argument in config.args:
            path = os.path.normcase(os.path.normpath(self._place(config, argument)))
            self._arguments.update((path, *_above(path)))
        for module in (_pytest.main, _pytest.python):
            if hasattr(module, "scandir"):
                module.scandir = self._narrowed(module.scandir)

    def _narrowed(self, scandir):
        def listed(*arguments, **options):
            return [entry for entry in scandir(*arguments, **options) if entry.is_symlink() or not self._leaves_out(entry)]

        return listed

    def _leaves_out(self, entry):
        return self._ignores(entry.path, entry.name) and os.path.normcase(entry.path) not in self._arguments

    def _paths(self, files):
        return {os.path.normcase(os.path.join(self._root, file)) for file in files}

    def _place(self, config, argument):
        return os.path.join(str(config.invocation_params.dir), argument.partition("::")[0])

    def _keeps(self, config, argument):
        path = self._place(config, argument)
        return os.path.isdir(path) or os.path.normcase(os.path.normpath(path)) in self._files

    def _is_left_out(self, config, argument):
        return os.path.normcase(os.path.normpath(self._place(config, argument))) in self._left_out


def _above(path):
    """The folders above a path, the nearest first."""
    while path != os.path.dirname(path):
        path = os.path.dirname(path)
        yield path
