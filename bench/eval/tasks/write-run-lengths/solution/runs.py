"""Run lengths: aaab is 3a1b."""

import re
from itertools import groupby


def encode(text):
    return "".join(f"{len(list(run))}{sign}" for sign, run in groupby(text))


def decode(text):
    return "".join(sign * int(count) for count, sign in re.findall(r"(\d+)(\D)", text))
