"""The revisions of a ledger's tables, in the order of their numbers."""
