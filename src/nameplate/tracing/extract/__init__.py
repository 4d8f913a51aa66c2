"""Statements out of prose: roles, counts, money, dates, suppliers and the kind of answer."""
