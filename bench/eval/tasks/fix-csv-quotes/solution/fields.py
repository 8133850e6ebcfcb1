"""One line of comma-separated fields."""

import csv


def split_fields(line):
    """Fields of a line; a quoted field may hold commas, and "" in it is one quote."""
    return next(csv.reader([line]), None) or [""]
