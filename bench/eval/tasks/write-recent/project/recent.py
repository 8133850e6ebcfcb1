"""The things that were used most recently."""
