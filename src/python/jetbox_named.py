"""What a file loads by name: whether it can, and whether all the names stand in its text, so that they can be read off it without running it."""

import ast
import types
import warnings

import jetbox_originals as originals

_PLAIN = "__import__"
_LOADERS = ("import_module", _PLAIN)


def calls_plain_import(code):
    """Whether the code of a module, or a function in it, names ``__import__``: a call of it is not seen where the module is loaded already."""
    if _PLAIN in code.co_names:
        return True
    for value in code.co_consts:
        # getattr(builtins, "__import__")
        if value == _PLAIN if isinstance(value, str) else isinstance(value, types.CodeType) and calls_plain_import(value):
            return True
    return False


def imported_names(path):
    """The names, where each use of what loads by name is a call with one string, an absolute name; None otherwise, and for what cannot be read."""
    try:
        with originals.open(path, "rb") as source, warnings.catch_warnings():
            # What the text deserves to be warned of, the tests' own loading of it tells.
            warnings.simplefilter("ignore")
            tree = ast.parse(source.read())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    names = []
    uses = 0
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _loader(node.func) and _is_absolute_name(node):
            names.append(node.args[0].value)
        if _loader(node):
            uses += 1
        elif isinstance(node, ast.alias) and node.name in _LOADERS and node.asname is not None:
            return None
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in _LOADERS:
            # getattr(importlib, "import_module")
            return None
    return names if 0 < len(names) == uses else None


def _loader(node):
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else None
    return name in _LOADERS


def _is_absolute_name(call):
    if len(call.args) != 1 or call.keywords:
        return False
    name = getattr(call.args[0], "value", None)
    return isinstance(call.args[0], ast.Constant) and isinstance(name, str) and not name.startswith(".")
