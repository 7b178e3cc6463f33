"""What Snakemake needs: the check of the config, the plan, paths, dependencies and jobs."""
