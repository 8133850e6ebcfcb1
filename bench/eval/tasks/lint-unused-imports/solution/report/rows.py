"""Rows of a report."""

from dataclasses import dataclass


@dataclass
class Row:
    name: str
    amount: int


def total(rows):
    return sum(row.amount for row in rows)
