"""Sees what files code of the workspace opens, by an audit hook, so that a change of one tells which tests it can affect, and a
change during a run whether the tests made it.

What is not seen: existence checks (``os.stat`` has no audit event), reads by child processes (their start is seen), reads by
C libraries that bypass Python, and a library's own ``__import__`` of a module that is loaded already.
"""

import os
import re
import sys
import threading

import jetbox_named as named
import jetbox_originals as originals
import jetbox_paths as paths
import jetbox_stack as stacks
import jetbox_watches as watches

_BYTECODE = re.compile(r"^(.*?)[\\/]?__pycache__[\\/]([^\\/]+?)\.[^.\\/]*\d(?:[^\\/]*)\.pyc$")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_MAPPINGS = (os.sep + "os.py", "<frozen os>", "_collections_abc.py", "<frozen _collections_abc>")
_NETWORK = (
    "socket.connect",
    "socket.bind",
    "socket.sendto",
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "socket.gethostbyaddr",
    "urllib.Request",
)
_PROCESSES = (
    "subprocess.Popen",
    "os.system",
    "os.exec",
    "os.fork",
    "os.forkpty",
    "os.posix_spawn",
    "os.spawn",
    "os.startfile",
    "pty.spawn",
)
_LISTINGS = ("os.listdir", "os.scandir")
_CHANGES = (
    "os.mkdir",
    "os.rename",
    "os.remove",
    "os.rmdir",
    "os.truncate",
    "os.link",
    "os.symlink",
    "os.chmod",
    "os.utime",
    "shutil.rmtree",
    "shutil.move",
)
_OF_TWO_PATHS = ("os.rename", "os.link", "os.symlink", "shutil.move")


class Recorder:
    """What was read, and by whom. One of a process; a copy made by fork goes on by itself."""

    def __init__(self, root, own_folder):
        self._paths = paths.Paths(root)
        self._stack = stacks.Stack(self._paths, own_folder)
        self._busy = threading.local()
        self._reads = {}
        self._unfollowed = {}
        self._writes = {}
        self._named = {}
        self._private = None
        self._loading = False
        self._exit_handlers = None
        #: The test file that is collected or run now.
        self.test_file = None
        #: Workspace files opened before the run: where one changes, what stands ready is stale.
        self.loaded = set()
        #: What code of the workspace did outside of the process as it was loaded, in words: a person must not see it done ahead of time.
        self.acts = []
        #: What it left for later, in words: copies of the process would share it.
        self.leftovers = []
        self._handlers = {
            "open": self._open,
            "exec": self._exec,
            "compile": self._exec,
            "import": self._import,
            "sqlite3.connect": self._database,
            **dict.fromkeys(_LISTINGS, self._listing),
            **dict.fromkeys(_NETWORK, self._network),
            **dict.fromkeys(_PROCESSES, self._process),
            **dict.fromkeys(_CHANGES, self._change),
        }

    def start(self, private):
        """From here on everything is seen; until `loading_is_over` also what the project does as it is loaded."""
        self._private = originals.join(originals.realpath(private), "")
        self._loading = True
        self._exit_handlers = watches.ExitHandlers(self._registered)
        sys.addaudithook(self._hook())
        watches.watch_environment(self._environment)
        watches.watch_imports_by_name(self._imported_by_name, self._not_imported)

    def loading_is_over(self):
        if self._loading:
            self._loading = False
            self._exit_handlers.stop()

    def own_modules(self):
        """Workspace files of all modules that are loaded now."""
        found = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
        return {file for file in (self._paths.code(name) for name in found if isinstance(name, str)) if file is not None}

    def note_foundation(self, files, test_files):
        """What pytest itself has loaded from the workspace lies beneath each of its tests, though none imports it."""
        for test_file in test_files if files else ():
            self._reads.setdefault(test_file, set()).update(files - {test_file})

    def observed(self):
        """(file, reads, unfollowed, writes) of every file of which something was seen."""
        self._note_named()
        notes = (self._reads, self._unfollowed, self._writes)
        files = sorted(set().union(*notes))
        return [(file, *(sorted(seen.get(file, ())) for seen in notes)) for file in files]

    def _hook(self):
        """
        What is called at every audit event of the interpreter, 100,000 times in suites of a second: its first lines decide for nearly
        all of them. A plain function, since the interpreter looks up an attribute of it each time, which a method has by detours.
        """
        handler_of = self._handlers.get
        busy = self._busy

        def hook(event, args):
            handler = handler_of(event)
            if handler is None or getattr(busy, "now", False):
                return
            busy.now = True
            try:
                handler(event, args, originals.frame(1))
            except (OSError, ValueError, TypeError, RecursionError):
                # A strange path is the caller's to complain about.
                pass
            finally:
                busy.now = False

        return hook

    def _open(self, _event, args, frame):
        path, _, flags = args
        if isinstance(path, int):
            # multiprocessing starts its child by a call that has no event, and then writes to it.
            if frame.f_code.co_filename.endswith(("popen_spawn_posix.py", "popen_forkserver.py")):
                self._note_unfollowed("subprocess", frame)
            return
        relative = self._paths.relative(path)
        bytecode = _BYTECODE.match(relative) if relative and "__pycache__" in relative else None
        if bytecode:
            if flags & _WRITING:
                return
            relative = "/".join(filter(None, (bytecode.group(1), bytecode.group(2) + ".py")))
        if self._loading:
            if relative is not None:
                self.loaded.add(relative)
            if flags & _WRITING:
                self._act("writes", path, frame)
        if relative is not None and flags & _WRITING:
            self._note_write(relative, frame)
        if relative is not None and not flags & os.O_WRONLY:
            self._note_read(relative, relative, frame)

    def _database(self, _event, args, frame):
        name = originals.fsdecode(args[0])
        if name.startswith("file:"):
            name = name[len("file:") :].partition("?")[0]
        if name in ("", ":memory:"):
            return
        if self._loading:
            self._act("opens the database", name, frame)
        relative = self._paths.relative(name)
        if relative is not None:
            self._note_read(relative, relative, frame)
            self._note_write(relative, frame)

    def _listing(self, _event, args, frame):
        path = args[0] if args and args[0] is not None else "."
        if isinstance(path, int):
            return
        relative = self._paths.relative(path)
        if relative is not None:
            self._note_read(relative, relative + "/" if relative else "./", frame)

    def _exec(self, event, args, frame):
        if event == "exec":
            self._note_plain_imports(args[0])
        caller = frame.f_code.co_filename
        # dataclasses and namedtuple run text of their own; only the workspace's own call counts, or runpy's for it.
        if self._paths.code(caller) is not None or caller.endswith((os.sep + "runpy.py", "<frozen runpy>")):
            self._note_unfollowed("exec", frame)

    def _import(self, _event, args, frame):
        filename = args[1] if len(args) > 1 else None
        # Only extension modules come with a file; the system's loader opens it, without an "open".
        relative = self._paths.relative(filename) if isinstance(filename, str) else None
        if relative is not None:
            if self._loading:
                self.loaded.add(relative)
            self._note_read(relative, relative, frame)

    def _network(self, _event, _args, frame):
        self._note_unfollowed("network", frame)
        if self._loading:
            self._act("uses the network", None, frame)

    def _process(self, _event, _args, frame):
        self._note_unfollowed("subprocess", frame)
        if self._loading:
            self._act("starts a process", None, frame)

    def _change(self, event, args, frame):
        if self._loading and args and not isinstance(args[0], int):
            self._act("calls %s on" % event, args[0], frame)
        for path in args[: 2 if event in _OF_TWO_PATHS else 1]:
            relative = None if isinstance(path, int) else self._paths.relative(path)
            if relative is not None:
                self._note_write(relative, frame)

    def _act(self, words, path, frame):
        """Kept only when code of the workspace is behind it."""
        file = next(self._stack.workspace_files(frame), None)
        if file is None:
            return
        if path is None:
            self.acts.append("%s %s as it is loaded" % (file, words))
            return
        text = originals.fsdecode(path) if isinstance(path, bytes) else originals.fspath(path)
        text = originals.normpath(originals.join(originals.getcwd(), text))
        if text == os.devnull or "__pycache__" in text:
            return
        within = (text + os.sep).startswith(self._private)
        notes = self.leftovers if within else self.acts
        notes.append("%s %s %s as it is loaded" % (file, words, "its temporary folder" if within else text))

    def _note_read(self, relative, name, frame):
        origin, files = self._stack.asker(frame)
        if origin == "machinery":
            return
        if origin == "computed-import":
            self._note_computed(frame)
        elif origin == "named-import":
            self._note_followed(frame)
        if self.test_file is not None:
            files.add(self.test_file)
        resolved = self._paths.resolved(relative)
        for file in files:
            reads = self._reads.setdefault(file, set())
            if file != name:
                reads.add(name)
            if resolved is not None and file != resolved:
                reads.add(resolved + name[len(relative) :])

    def _note_write(self, relative, frame):
        # Bytecode is the interpreter's.
        if "__pycache__" in relative:
            return
        for file in self._readers(frame):
            self._writes.setdefault(file, set()).update(self._names(relative))

    def _names(self, relative):
        """A file's name, and its real one where a folder on the way is a link."""
        resolved = self._paths.resolved(relative)
        return {relative} if resolved is None else {relative, resolved}

    def _note_computed(self, frame):
        """A file whose text has the names is followed by them: it and what it loads stand in the import graph."""
        importer = next(self._stack.workspace_files(frame), None)
        if importer is not None and self._imported_names(importer) is not None:
            self._note_followed(frame)
        else:
            self._note_unfollowed("computed-import", frame)

    def _note_followed(self, frame):
        """For the first file of the workspace behind it, as long as the graph leads from there to what was loaded."""
        for importer in self._stack.workspace_files(frame):
            self._unfollowed.setdefault(importer, set()).add("named-import")
            return

    def _note_plain_imports(self, code):
        """``__import__`` of a module that is loaded already has no event, so that what may call it counts as if it did."""
        file = self._paths.code(code.co_filename)
        if file is None or code.co_name != "<module>" or not named.calls_plain_import(code):
            return
        names = self._imported_names(file)
        self._unfollowed.setdefault(file, set()).add("computed-import" if names is None else "named-import")

    def _imported_names(self, file):
        if file not in self._named:
            self._named[file] = named.imported_names(originals.join(self._paths.root, file))
        return self._named[file]

    def _note_named(self):
        """The modules behind the names, also such as were loaded before anybody asked for them by name."""
        for file, names in self._named.items():
            modules = (sys.modules.get(name) for name in names or ())
            found = (getattr(module, "__file__", None) for module in modules)
            loaded = {self._paths.code(name) for name in found if isinstance(name, str)} - {None, file}
            if loaded:
                self._reads.setdefault(file, set()).update(loaded)

    def _note_unfollowed(self, reason, frame):
        for file in self._readers(frame):
            self._unfollowed.setdefault(file, set()).add(reason)

    def _readers(self, frame):
        files = set(self._stack.workspace_files(frame))
        if self.test_file is not None:
            files.add(self.test_file)
        return files

    def _environment(self, frame):
        while frame is not None and frame.f_code.co_filename.endswith(_MAPPINGS):
            frame = frame.f_back
        # A library's look at its own variables is none of the tests'.
        if frame is not None and self._is_own(frame):
            self._note_unfollowed("environment", frame)

    def _is_own(self, frame):
        return self._paths.code(frame.f_code.co_filename) is not None

    def _not_imported(self, frame):
        if self._is_own(frame):
            self._note_unfollowed("computed-import", frame)

    def _imported_by_name(self, filename, frame):
        relative = self._paths.relative(filename) if isinstance(filename, str) else None
        if relative is None:
            return
        if self._is_own(frame):
            self._note_computed(frame)
        elif self._stack.asker(frame, by_name=True)[0] == "machinery":
            return
        else:
            self._note_followed(frame)
        for file in self._readers(frame):
            self._reads.setdefault(file, set()).update({relative} - {file})

    def _registered(self, frame):
        file = next(self._stack.workspace_files(frame), None)
        if self._loading and file is not None:
            self.leftovers.append("%s registers an exit handler as it is loaded" % file)
