"""The place where a ready process waits for its run, and copies itself for each."""

import gc
import json
import os
import shutil
import signal
import time

import jetbox_pages as pages
import jetbox_processes as processes

#: How long a process that is ended by request has for its own clean-up, in seconds.
GRACE = 0.3
#: Copies made ahead: calls come in bursts. One where a process is larger than this.
SPARE = 2
MAX_SPARE_BYTES = 150 * 1024 * 1024
_POLL = 0.01


class Leave(BaseException):
    """The engine is gone, or has no more use for this process."""


class Lot:
    """The place where a process waits for its run."""

    def __init__(self, control, stream, plan):
        self._control = control
        self._stream = stream
        self._plan = plan
        self._children = {}
        self._neighbours = set()
        self._spare = []
        self._scratch = Scratch(plan["scratch"]) if plan["scratch"] else None

    def wait(self, ready, copies, on_copied=lambda: None):
        """
        Says that it is ready and waits for a run. Returns it: in a copy of this process where `copies`, else in this one.
        A copy calls `on_copied` ahead of its run.
        The engine's end of the channel closing ends the process without a trace.
        """
        self._stream.send(kind="parked", copies=copies, **ready)
        try:
            if not copies:
                return self._control.wait()
            gc.collect()
            gc.freeze()
            self._neighbours = processes.running()
            if self._plan["confined"]:
                # The next runs are told what this process knows; a test of this one shares its sandbox.
                processes.shield(True)
            return self._copy_for_each_run(on_copied)
        except Leave:
            for child in list(self._children):
                self._end(child, signal.SIGKILL)
            # The spare ones see the end of their pipes.
            os._exit(0)

    def _copy_for_each_run(self, on_copied):
        wanted = SPARE if processes.resident_bytes() < MAX_SPARE_BYTES else 1
        while True:
            while len(self._spare) < wanted and (not self._children or not self._spare):
                message = self._copy(on_copied)
                if message is not None:
                    return message
            message = self._control.wait(_POLL if self._children else None)
            self._reap()
            if message is None:
                continue
            if "kill" in message:
                self._kill(message["kill"])
                continue
            pid, pipe = self._spare.pop(0)
            self._children[pid] = {"run": message["run"], "tag": message["tag"], "deadline": None}
            os.write(pipe, json.dumps(message).encode("ascii"))
            os.close(pipe)

    def _copy(self, on_copied):
        """Makes a copy ahead of its run; returns the run in the copy, None in this process."""
        reading, writing = os.pipe()
        pid = os.fork()
        if pid:
            os.close(reading)
            processes.own_group(pid)
            self._spare.append((pid, writing))
            return None
        os.setpgid(0, 0)
        self._control.close()
        for fd in (writing, *(fd for _, fd in self._spare)):
            os.close(fd)
        # Now, so that the run does not have to.
        pages.own_pages()
        gc.unfreeze()
        gc.collect()
        on_copied()
        with open(reading, "rb") as pipe:
            text = pipe.read()
        if not text:
            os._exit(0)
        if self._plan["confined"]:
            processes.shield(False)
        return json.loads(text)

    def _kill(self, run):
        for pid, child in self._children.items():
            if child["run"] == run and child["deadline"] is None:
                child["deadline"] = time.monotonic() + GRACE
                processes.signal_group(pid, signal.SIGTERM)

    def _reap(self):
        for pid, child in list(self._children.items()):
            done, status = os.waitpid(pid, os.WNOHANG)
            if done == 0:
                if child["deadline"] is not None and time.monotonic() > child["deadline"]:
                    processes.signal_group(pid, signal.SIGKILL)
                continue
            alone = self._end(pid, signal.SIGKILL)
            killed = os.WTERMSIG(status) if os.WIFSIGNALED(status) else None
            code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else None
            self._stream.send(kind="exit", run=child["run"], code=code, signal=killed and processes.name_of(killed))
            if not alone:
                # The sandbox ends with this process, and with it whatever cannot be caught; the next run has another one.
                raise Leave
            # Now, and not when the next run waits for it.
            if self._scratch is not None and not self._children:
                self._scratch.clear()

    def _end(self, pid, how):
        """Ends what a run has left behind. False where it forks faster than it can be ended, within the sandbox."""
        child = self._children.pop(pid)
        processes.signal_group(pid, how)
        # Nobody else lives in this sandbox: what is there is the run's, whatever it did to its environment.
        whole = self._plan["confined"] and not self._children
        limit = time.monotonic() + GRACE
        while True:
            newest = processes.last_created()
            left = set(processes.tagged(child["tag"]))
            if whole:
                left |= processes.running() - self._neighbours - {spare for spare, _ in self._spare}
            left = {other for other in left if processes.lives(other)}
            if not left and (not whole or processes.last_created() == newest):
                return True
            if time.monotonic() > limit:
                return not whole
            for other in left:
                processes.send_signal(other, how)
            time.sleep(0.002)


class Scratch:
    """Temporary folders that all copies in one sandbox share: what a run left there is removed, what was there before stays."""

    def __init__(self, folders):
        self._folders = [(folder, os.lstat(folder).st_dev, set(os.listdir(folder))) for folder in folders if os.path.isdir(folder)]

    def clear(self):
        for folder, device, kept in self._folders:
            for name in set(os.listdir(folder)) - kept:
                path = os.path.join(folder, name)
                # A mount is somebody's own.
                if os.lstat(path).st_dev != device:
                    continue
                if os.path.isdir(path) and not os.path.islink(path):
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    os.unlink(path)
