"""Processes of this machine, seen, ended and limited; what is not to be had on a platform is empty."""

import os
import select
import signal
import sys

import jetbox_libc as libc

TAG = "JETBOX_RUN"
_PR_SET_DUMPABLE = 4


def running():
    """Ids of all processes that can be seen, but this one; Linux only."""
    entries = os.listdir("/proc") if sys.platform == "linux" else ()
    return {int(entry) for entry in entries if entry.isdigit()} - {os.getpid()}


def last_created():
    """
    The newest process or thread of this PID namespace (proc(5), loadavg). A look at all processes between two equal answers missed
    none: whoever forks faster than it can be listed has moved it on.
    """
    try:
        with open("/proc/loadavg") as file:
            return file.read().split()[4]
    except (OSError, IndexError):
        return ""


def lives(pid):
    try:
        with open("/proc/%d/stat" % pid) as file:
            return file.read().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def tagged(tag):
    """Ids of processes that carry a mark in their environment, or one of its runs' (the mark, a dash and a number); Linux only."""
    mark = ("%s=%s" % (TAG, tag)).encode()
    found = []
    for pid in running():
        try:
            with open("/proc/%d/environ" % pid, "rb") as file:
                if any(entry == mark or entry.startswith(mark + b"-") for entry in file.read().split(b"\0")):
                    found.append(pid)
        except OSError:
            # Another's, or gone.
            pass
    return found


def resident_bytes():
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0


def name_of(number):
    try:
        return signal.Signals(number).name
    except ValueError:
        return "signal %d" % number


def shield(is_on):
    """
    Closes memory and open files of this process to others of the same user (prctl(2), PR_SET_DUMPABLE), or opens them again.
    Copies inherit it. Where the system's function cannot be had, nothing happens.
    """
    prctl = libc.function("prctl")
    if prctl is not None:
        prctl(_PR_SET_DUMPABLE, 0 if is_on else 1, 0, 0, 0)


def own_group(pid):
    try:
        os.setpgid(pid, pid)
    except OSError:
        # It was quicker, or has ended.
        pass


def signal_group(pid, how):
    try:
        os.killpg(pid, how)
    except OSError:
        # Empty.
        pass


def send_signal(pid, how):
    try:
        os.kill(pid, how)
    except OSError:
        # Ended meanwhile.
        pass


def watch_over(tag, lifeline):
    """A process of its own that ends this one and its descendants when the other end of a file descriptor is gone, however it went."""
    if not hasattr(os, "fork"):
        return
    group = os.getpid()
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        return
    os.setsid()
    if os.fork():
        os._exit(0)
    # Two forks: nothing of it is a child of the tests' process, which may wait for "any child".
    os.closerange(0, lifeline)
    poll = select.poll()
    poll.register(lifeline, 0)
    while not poll.poll():
        pass
    for pid in tagged(tag):
        send_signal(pid, signal.SIGKILL)
    signal_group(group, signal.SIGKILL)
    os._exit(0)


def limit_memory(limit):
    """Of this process and of each that it starts, where the system can."""
    if limit and sys.platform == "linux":
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))
