"""Who asked for a file, by the stack of the asking thread: code of the workspace, a library on its behalf, or pytest and plain imports."""

import opcode
import os

import jetbox_originals as originals

_STDLIB = os.path.dirname(os.__file__) + os.sep
_IMPORTLIB = (os.sep + originals.join("importlib", "__init__.py"), os.sep + "pkgutil.py")
_PYTEST = (os.sep + "_pytest" + os.sep, os.sep + "pluggy" + os.sep, os.sep + "pytest" + os.sep + "__")
#: Beyond the innermost frame of it lies what runs tests, and not what they do.
_RUNNER = os.sep + originals.join("_pytest", "runner.py")

_OWN, _IMPORTING, _LOADING, _MACHINERY, _BOUNDARY, _LIBRARY, _STANDARD = range(7)


class Stack:
    """Reads stacks, each from its innermost frame to where pytest runs one test, or collects one file."""

    def __init__(self, paths, own_folder):
        self._paths = paths
        self._own = originals.join(os.path.abspath(own_folder), "")
        self._kinds = {}

    def workspace_files(self, frame):
        """The workspace's own files on it, the innermost first."""
        kinds = self._kinds
        while frame is not None:
            name = frame.f_code.co_filename
            kind, file = kinds.get(name) or self._classify(name)
            if file is not None:
                yield file
            elif kind == _BOUNDARY:
                return
            frame = frame.f_back

    def asker(self, frame, by_name=False):
        """
        (origin, files): who asked, and the workspace's own files on the stack. Who asked is "machinery" for pytest's own reading and
        for plain imports, which the import graph knows; of that no files are told. A library's loading by name is a "named-import":
        the workspace told it the name. This runs for every file that is opened, thousands of times in some suites.
        """
        kinds = self._kinds
        files = set()
        origin = None
        importing = computed = by_library = by_name
        while frame is not None:
            name = frame.f_code.co_filename
            kind, file = kinds.get(name) or self._classify(name)
            if kind == _OWN:
                files.add(file)
                if origin is None:
                    if not importing:
                        origin = "code"
                    elif by_library:
                        origin = "named-import"
                    elif computed or not _is_import_statement(frame):
                        origin = "computed-import"
                    else:
                        return "machinery", ()
            elif kind == _BOUNDARY:
                break
            elif origin is None:
                if kind == _IMPORTING:
                    importing = True
                elif kind == _MACHINERY:
                    return "machinery", ()
                elif kind == _LOADING and importing:
                    computed = True
                elif kind == _LIBRARY:
                    # A library reads, and loads by name, on behalf of whoever called it; what it imports by a statement is its own.
                    if not importing:
                        origin = "code"
                    elif not computed and _is_import_statement(frame):
                        return "machinery", ()
                    else:
                        by_library = True
            frame = frame.f_back
        if origin is None:
            return ("machinery" if frame is not None or importing else "code"), files
        return origin, files

    def _classify(self, name):
        """(kind, the workspace's file or None) of the code of a file."""
        found = self._kinds[name] = self._kind(name)
        return found

    def _kind(self, name):
        if name.startswith("<frozen importlib"):
            return _IMPORTING, None
        file = self._paths.code(name)
        if file is not None:
            return _OWN, file
        if name.endswith(_RUNNER):
            return _BOUNDARY, None
        if name.startswith(self._own) or any(part in name for part in _PYTEST):
            return _MACHINERY, None
        is_standard = "site-packages" not in name and name.startswith(("<", _STDLIB))
        if name.endswith(_IMPORTLIB):
            return (_LOADING if is_standard else _LIBRARY), None
        return (_STANDARD if is_standard else _LIBRARY), None


def _is_import_statement(frame):
    """Whether the frame stands at an import statement and not at a call of ``__import__``."""
    return frame.f_lasti >= 0 and opcode.opname[frame.f_code.co_code[frame.f_lasti]].startswith("IMPORT_")
