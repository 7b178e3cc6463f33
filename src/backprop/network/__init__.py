"""The lecture's network. It knows arrays only: no files, folds, tables or Snakemake."""
