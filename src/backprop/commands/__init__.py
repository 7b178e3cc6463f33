"""Commands for users, which `make` runs; how jobs are run is in `backprop.workflow`."""
