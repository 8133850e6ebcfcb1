"""A report as text."""

from report.rows import Row, total
from typing import List


def render(rows: List[Row]) -> str:
    lines = [f"{row.name:<10}{row.amount:>6}" for row in rows]
    lines.append(f"{'total':<10}{total(rows):>6}")
    return "\n".join(lines)
