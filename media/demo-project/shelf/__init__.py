"""A ledger for lending books to friends."""
