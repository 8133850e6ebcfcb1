"""Wrapping text at a width."""


def wrap(text, width):
    """Lines of at most `width` characters; a longer word has its own line."""
    lines = []
    line = ""
    for word in text.split():
        if line and len(line) + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    if line:
        lines.append(line)
    return lines
