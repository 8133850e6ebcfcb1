"""Readings of a station, in degrees Celsius."""


def read_all(lines):
    """(name, degrees as a number) of lines such as `Bern 21.5`."""
    readings = []
    for line in lines:
        name, degrees = line.split()
        readings.append((name, degrees))
    return readings
