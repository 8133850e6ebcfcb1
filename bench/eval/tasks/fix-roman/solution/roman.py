"""Roman numerals."""

VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}


def to_number(numeral):
    """The number of a Roman numeral; a smaller sign before a larger is subtracted."""
    total = 0
    for sign, following in zip(numeral, numeral[1:] + " "):
        value = VALUES[sign]
        total += -value if value < VALUES.get(following, 0) else value
    return total
