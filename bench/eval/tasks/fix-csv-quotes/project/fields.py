"""One line of comma-separated fields."""


def split_fields(line):
    """Fields of a line; a quoted field may hold commas, and "" in it is one quote."""
    return line.split(",")
