"""Watch 3 of the crew."""


def watch_3(hour):
    """Whether watch 3 is on deck at an hour of the day."""
    return (hour // 4) % 5 == 3
