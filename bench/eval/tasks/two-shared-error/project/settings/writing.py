"""Writes settings."""


def write(values):
    for name in values:
        if "=" in name:
            raise RuntimeError(f"a name cannot hold =: {name!r}")
    return "\n".join(f"{name} = {value}" for name, value in values.items())
