"""The system of record: bodies, statements, people and audit, as a Django app."""
