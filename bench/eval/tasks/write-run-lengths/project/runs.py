"""Run lengths: aaab is 3a1b."""
