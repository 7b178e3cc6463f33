"""A finished run as one file, which others can verify: `make archive` and `make verify`."""
