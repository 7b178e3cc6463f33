"""Where a data set comes from, how it is checked, and how its columns are scaled."""
