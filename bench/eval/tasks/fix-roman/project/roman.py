"""Roman numerals."""

VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}


def to_number(numeral):
    """The number of a Roman numeral; a smaller sign before a larger is subtracted."""
    total = 0
    for sign in numeral:
        total += VALUES[sign]
    return total
