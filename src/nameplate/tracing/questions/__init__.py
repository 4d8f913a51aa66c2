"""Whom to ask, what, under which law, by when, and what the answer is worth."""
