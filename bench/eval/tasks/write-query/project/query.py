"""Query strings, such as a=1&b=2."""
