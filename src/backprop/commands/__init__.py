"""Commands for users: `backprop`; how jobs are run is in `backprop.workflow`."""
