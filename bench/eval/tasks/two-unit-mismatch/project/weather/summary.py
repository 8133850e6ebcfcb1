"""What the readings say."""

from weather.station import read_all


def warmest(lines):
    """Name of the warmest place; None without readings."""
    readings = read_all(lines)
    return max(readings, key=lambda reading: reading[0])[0]


def mean(lines):
    readings = read_all(lines)
    return sum(degrees for _, degrees in readings) / len(readings)
