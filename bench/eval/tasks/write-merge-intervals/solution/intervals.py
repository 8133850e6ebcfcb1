"""Intervals as (start, end) pairs."""


def length(intervals):
    return sum(end - start for start, end in intervals)


def merge(intervals):
    merged = []
    for start, end in sorted(intervals):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged
