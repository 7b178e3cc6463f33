#!/bin/sh
# Run the whole workflow in one Slurm job. Submit it in the directory of the Snakefile:
#     sbatch profiles/slurm/allocation.sh
# Options of sbatch go before the name of this file, options of Snakemake after it.
#SBATCH --job-name=backprop
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=4
#SBATCH --mem-per-cpu=1500M
#SBATCH --time=60
#SBATCH --output=results/slurm-%j.log
PATH=$PWD/.venv/bin:$PATH # the environment of `backprop run`
exec snakemake --cores "$SLURM_CPUS_PER_TASK" "$@"
