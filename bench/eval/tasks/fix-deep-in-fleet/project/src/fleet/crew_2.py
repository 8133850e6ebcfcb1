"""Watch 2 of the crew."""


def watch_2(hour):
    """Whether watch 2 is on deck at an hour of the day."""
    return (hour // 4) % 5 == 2
