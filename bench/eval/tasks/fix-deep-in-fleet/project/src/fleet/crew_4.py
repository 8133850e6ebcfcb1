"""Watch 4 of the crew."""


def watch_4(hour):
    """Whether watch 4 is on deck at an hour of the day."""
    return (hour // 4) % 5 == 4
