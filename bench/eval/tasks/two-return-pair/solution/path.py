"""A path through points."""

from points import parse


def length(texts):
    """Sum of the steps between neighbours, along the axes."""
    total = 0
    points = [parse(text) for text in texts]
    for start, end in zip(points, points[1:]):
        total += abs(end[0] - start[0]) + abs(end[1] - start[1])
    return total
