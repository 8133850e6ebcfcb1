"""Whether a file loads modules only by names that stand in its text: such imports can be read off it without running it."""

import ast
import warnings

_LOADERS = ("import_module", "__import__")


def names_its_imports(path):
    """True where each use of what loads by name is a call with one string, an absolute name; False also for what cannot be read."""
    try:
        with open(path, "rb") as source, warnings.catch_warnings():
            # What the text deserves to be warned of, the tests' own loading of it tells.
            warnings.simplefilter("ignore")
            tree = ast.parse(source.read())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    named = uses = 0
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _loader(node.func):
            named += _is_absolute_name(node)
        if _loader(node):
            uses += 1
        elif isinstance(node, ast.alias) and node.name in _LOADERS and node.asname is not None:
            return False
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in _LOADERS:
            # getattr(importlib, "import_module")
            return False
    return 0 < named == uses


def _loader(node):
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else None
    return name in _LOADERS


def _is_absolute_name(call):
    if len(call.args) != 1 or call.keywords:
        return False
    name = getattr(call.args[0], "value", None)
    return isinstance(call.args[0], ast.Constant) and isinstance(name, str) and not name.startswith(".")
