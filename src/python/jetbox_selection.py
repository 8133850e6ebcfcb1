"""Which of the files that pytest would collect a run takes."""

import os


class Selection:
    """Of all files that pytest would collect, the chosen ones."""

    def __init__(self, root):
        self._root = root
        self._files = None
        self._left_out = set()
        self._folders = set()

    def choose(self, config, files, left_out):
        if left_out:
            self._left_out = self._paths(left_out)
            if not config.option.pyargs:
                config.args[:] = [argument for argument in config.args if not self._is_left_out(config, argument)]
        if files is None:
            return
        paths = self._paths(files)
        self._files = paths
        for path in paths:
            while path != os.path.dirname(path):
                path = os.path.dirname(path)
                self._folders.add(path)
        if not config.option.pyargs:
            config.args[:] = [argument for argument in config.args if self._keeps(config, argument)]

    def hand_over(self, config, files):
        """pytest-xdist collects in processes of its own, which know only arguments."""
        if files is not None:
            config.args[:] = list(files)

    def ignores(self, path):
        text = os.path.normcase(str(path))
        if text in self._left_out:
            return True
        if self._files is None:
            return False
        if text in self._files or text in self._folders:
            return False
        return not (path.name == "__init__.py" and os.path.dirname(text) in self._folders)

    def _paths(self, files):
        return {os.path.normcase(os.path.join(self._root, file)) for file in files}

    def _place(self, config, argument):
        return os.path.join(str(config.invocation_params.dir), argument.partition("::")[0])

    def _keeps(self, config, argument):
        path = self._place(config, argument)
        return os.path.isdir(path) or os.path.normcase(os.path.normpath(path)) in self._files

    def _is_left_out(self, config, argument):
        return os.path.normcase(os.path.normpath(self._place(config, argument))) in self._left_out
