"""A path through points."""

from points import parse


def length(texts):
    """Sum of the steps between neighbours, along the axes."""
    total = 0
    points = [parse(text) for text in texts]
    for start, end in zip(points, points[1:]):
        total += abs(int(end[0]) - int(start[0])) + abs(int(end[2]) - int(start[2]))
    return total
