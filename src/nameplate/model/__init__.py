"""The words Nameplate speaks in, as types: nothing here reads a file or knows a format.

One word has one meaning (docs/architecture.md, "Vocabulary"). Every stored shape carries
``SCHEMA_VERSION``, so that a reader can refuse what it does not understand.
"""

from typing import Final

SCHEMA_VERSION: Final = 1
"""Version of every stored shape in this package; raised when a field changes meaning."""
