"""Points, written as 3,4."""


def parse(text):
    x, y = text.split(",")
    return f"{x.strip()},{y.strip()}"
