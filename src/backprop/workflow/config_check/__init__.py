"""The check of the config: files are read, and faults are refused in plain words."""
