"""Writes settings."""

from settings.errors import SettingsError


def write(values):
    for name in values:
        if "=" in name:
            raise SettingsError(f"a name cannot hold =: {name!r}")
    return "\n".join(f"{name} = {value}" for name, value in values.items())
