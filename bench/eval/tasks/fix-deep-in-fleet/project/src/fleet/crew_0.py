"""Watch 0 of the crew."""


def watch_0(hour):
    """Whether watch 0 is on deck at an hour of the day."""
    return (hour // 4) % 5 == 0
