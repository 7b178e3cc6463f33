"""Train the TensorFlow networks of one shape."""

from pathlib import Path

from backprop.models import networks as training
from backprop.workflow.jobs import basis, job

with job(snakemake) as wanted:
    # TensorFlow talks while it is imported, whatever it is told: only now, into the log.
    from backprop.network import autodiff as tensorflow_network

    files = snakemake.input
    tensorflow_network.set_threads(snakemake.threads)
    training.update_fits(
        Path(snakemake.output[0]),
        "tensorflow",
        tensorflow_network,
        wanted,
        data_file=Path(files.data),
        folds_file=Path(files.folds),
        basis=basis(wanted, files.data, files.code),
    )
