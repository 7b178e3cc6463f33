"""The check of the config: files are read within bounds, and faults are refused in plain words."""
