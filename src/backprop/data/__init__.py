"""Where a table comes from, what a sound one is, how its columns become numbers."""
