"""The web desk: a ledger in the browser."""
