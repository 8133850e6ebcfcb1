"""Points, written as 3,4."""


def parse(text):
    x, y = text.split(",")
    return int(x), int(y)
