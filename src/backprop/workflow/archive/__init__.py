"""A finished run as one file, which others can verify: `backprop archive` and `backprop verify`."""
