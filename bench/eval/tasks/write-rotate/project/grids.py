"""Grids as lists of rows."""


def show(grid):
    return "\n".join(" ".join(str(cell) for cell in row) for row in grid)
