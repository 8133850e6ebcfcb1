"""Who asked for a file, by the stack of the asking thread: code of the workspace, a library on its behalf, or pytest and plain imports."""

import opcode
import os

import jetbox_originals as originals

_STDLIB = os.path.dirname(os.__file__) + os.sep
_IMPORTLIB = (os.sep + originals.join("importlib", "__init__.py"), os.sep + "pkgutil.py")
_PYTEST = (os.sep + "_pytest" + os.sep, os.sep + "pluggy" + os.sep, os.sep + "pytest" + os.sep + "__")


class Stack:
    """Reads stacks, each from its innermost frame."""

    def __init__(self, paths, own_folder):
        self._paths = paths
        self._own = originals.join(os.path.abspath(own_folder), "")

    def workspace_files(self, frame):
        """The workspace's own files on it."""
        while frame is not None:
            file = self._paths.code(frame.f_code.co_filename)
            if file is not None:
                yield file
            frame = frame.f_back

    def origin(self, frame, by_name=False):
        """
        Who asked: "machinery" for pytest's own reading and for plain imports, which the import graph knows. A library's loading by
        name is a "named-import": the workspace told it the name.
        """
        importing = computed = by_library = by_name
        while frame is not None:
            name = frame.f_code.co_filename
            if name.startswith("<frozen importlib"):
                importing = True
            elif self._paths.code(name) is not None:
                if not importing:
                    return "code"
                if by_library:
                    return "named-import"
                return "computed-import" if computed or not _is_import_statement(frame) else "machinery"
            elif name.startswith(self._own) or any(part in name for part in _PYTEST):
                return "machinery"
            elif importing and name.endswith(_IMPORTLIB):
                computed = True
            elif "site-packages" in name or not name.startswith(("<", _STDLIB)):
                # A library reads, and loads by name, on behalf of whoever called it; what it imports by a statement is its own.
                if not importing:
                    return "code"
                if not computed and _is_import_statement(frame):
                    return "machinery"
                by_library = True
            frame = frame.f_back
        return "machinery" if importing else "code"


def _is_import_statement(frame):
    """Whether the frame stands at an import statement and not at a call of ``__import__``."""
    return frame.f_lasti >= 0 and opcode.opname[frame.f_code.co_code[frame.f_lasti]].startswith("IMPORT_")
