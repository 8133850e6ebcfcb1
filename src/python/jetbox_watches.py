"""What has no audit event of its own is heard by standing in its place: look-ups in os.environ, imports by name, exit handlers."""

import atexit
import functools
import importlib
import os

import jetbox_originals as originals


def watch_environment(on_read):
    """Reading os.environ has no event; but its key encoder is called for every key that is looked up. Told the frame that did."""
    encode = getattr(os.environ, "encodekey", None)
    if encode is None:
        return

    def encodekey(key):
        frame = originals.frame(1)
        if frame.f_code.co_name == "__getitem__":
            on_read(frame.f_back)
        return encode(key)

    os.environ.encodekey = encodekey


def watch_imports_by_name(on_loaded, on_failed):
    """A module that is loaded already is found without an event, by whoever asks for it by name. Told the asking frame."""
    plain = importlib.import_module

    @functools.wraps(plain)
    def import_module(name, package=None):
        frame = originals.frame(1)
        try:
            module = plain(name, package)
        except BaseException:
            on_failed(frame)
            raise
        on_loaded(getattr(module, "__file__", None), frame)
        return module

    importlib.import_module = import_module


class ExitHandlers:
    """Hears of those that are registered, until it is stopped. Told the registering frame."""

    def __init__(self, on_register):
        plain = self._plain = atexit.register

        def register(func, *args, **kwargs):
            on_register(originals.frame(1))
            return plain(func, *args, **kwargs)

        self._own = atexit.register = register

    def stop(self):
        if atexit.register is self._own:
            atexit.register = self._plain
