"""What tests replace while they run (``monkeypatch``, ``mock``) as it is before they do: what watches them must not meet their
stand-ins, nor fail where they took something away.
"""

import builtins
import json
import os
import sys
import time

frame = sys._getframe
open = builtins.open
dumps = json.dumps
write = os.write
getpid = os.getpid
getcwd = os.getcwd
fsdecode = os.fsdecode
fspath = os.fspath
monotonic = time.monotonic
exists = os.path.exists
isabs = os.path.isabs
join = os.path.join
normpath = os.path.normpath
realpath = os.path.realpath
relpath = os.path.relpath
