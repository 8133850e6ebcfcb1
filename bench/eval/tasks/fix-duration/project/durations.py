"""Durations as people write them, such as 1h30m."""

import re

SECONDS = {"h": 3600, "m": 60, "s": 1}


def parse_duration(text):
    """Seconds of a duration. Raises ValueError for anything else."""
    found = re.match(r"(\d+)([hms])", text)
    if found is None:
        raise ValueError(f"not a duration: {text}")
    return int(found[1]) * SECONDS[found[2]]
