"""A run of Snakemake: its start, stale results, its end, and what is used of Snakemake itself."""
