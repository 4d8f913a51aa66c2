"""Sheets of rows out of CSV, TSV, XLSX, XLS and ODS, and which column of them is which.

Two layers, kept apart. The lower turns a file into rows of text with their place in it and knows
nothing of spending or cameras (``table``, ``delimited``, ``workbook``, ``encoding``). The upper
finds columns by the names and contents that the caller gives (``columns``), and reads amounts
and dates as people write them (``amounts``, ``dates``).
"""

from nameplate.tabular.columns import Layout, Standard, find_columns
from nameplate.tabular.table import Row, Sheet, Table, open_table

__all__ = ["Layout", "Row", "Sheet", "Standard", "Table", "find_columns", "open_table"]
