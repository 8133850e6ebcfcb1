"""Durations as people write them, such as 1h30m."""

import re

SECONDS = {"h": 3600, "m": 60, "s": 1}


def parse_duration(text):
    """Seconds of a duration. Raises ValueError for anything else."""
    if not re.fullmatch(r"(\d+[hms])+", text):
        raise ValueError(f"not a duration: {text}")
    parts = re.findall(r"(\d+)([hms])", text)
    return sum(int(number) * SECONDS[unit] for number, unit in parts)
