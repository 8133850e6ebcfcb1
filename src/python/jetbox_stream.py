"""The way to the engine: JSON lines on a file descriptor of its own, whole also where several processes speak."""

import os

import jetbox_originals as originals

#: So many bytes are written at once, or not at all, whoever else writes there (PIPE_BUF of pipe(7)).
MAX_WRITTEN = 4096
MAX_KEPT_SECONDS = 0.02
#: Each character may take two in a JSON string.
MAX_PIECE = 2000


class Stream:
    """JSON lines; silent in children of the tests, which must not speak for the session."""

    def __init__(self, fd):
        os.set_inheritable(fd, False)
        self._fd = fd
        self._pid = originals.getpid()
        self._run = None
        self._kept = b""
        self._written = 0.0
        #: Whether what is kept may be lost with a process that ends early; a new interpreter is there to tell how far it came.
        self.keeps = True

    def speak_for(self, run):
        """From here on this process, and no other, speaks for a run."""
        self._pid = originals.getpid()
        self._run = run

    def keep(self, **record):
        """Sends it with what comes soon after it: each sending wakes the engine."""
        if originals.getpid() == self._pid:
            self._take(record)
            if not self.keeps or originals.monotonic() - self._written > MAX_KEPT_SECONDS:
                self._write()

    def send(self, **record):
        if originals.getpid() == self._pid:
            self._take(record)
            self._write()

    def _take(self, record):
        if self._run is not None:
            record.setdefault("run", self._run)
        for line in self._lines(originals.dumps(record, ensure_ascii=True)):
            if len(self._kept) + len(line) > MAX_WRITTEN:
                self._write()
            self._kept += line

    def _lines(self, text):
        """Copies of one process write to the same end: what is longer than one writing goes in pieces, each of which is a line."""
        if len(text) < MAX_WRITTEN:
            yield (text + "\n").encode("ascii")
            return
        for start in range(0, len(text), MAX_PIECE):
            end = start + MAX_PIECE
            piece = {"kind": "piece", "of": self._pid, "text": text[start:end], "first": start == 0, "last": end >= len(text)}
            yield (originals.dumps(piece) + "\n").encode("ascii")

    def _write(self):
        data, self._kept = self._kept, b""
        self._written = originals.monotonic()
        try:
            while data:
                data = data[originals.write(self._fd, data) :]
        except OSError:
            # Nobody listens any more, or the tests closed it: the missing end of the report says so.
            pass
