"""Times of day."""

import re
from math import floor


def minutes(text):
    found = re.match(r"(\d\d):(\d\d)$", text)
    if found is None:
        raise ValueError(text)
    return int(found[1]) * 60 + int(found[2])


def hour(text):
    return floor(minutes(text) / 60)
