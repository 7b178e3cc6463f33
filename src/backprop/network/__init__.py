"""The lecture's network: it knows arrays, and nothing of files, folds or Snakemake."""
