"""What others can use: claims, reports and origins as JSON Lines, entries as a table, JSON or CSV, graphs."""
