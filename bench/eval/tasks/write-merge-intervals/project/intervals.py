"""Intervals as (start, end) pairs."""


def length(intervals):
    return sum(end - start for start, end in intervals)
