"""Watch 1 of the crew."""


def watch_1(hour):
    """Whether watch 1 is on deck at an hour of the day."""
    return (hour // 4) % 5 == 1
