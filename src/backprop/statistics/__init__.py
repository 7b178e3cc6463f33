"""The statistics that the report shows, from the scores and the predictions of the fits.

They are numbers and outcomes only: `backprop.report.wording` adds the sentences.

Each model is compared by one configuration, its *headline*: the reference. A fit that diverged or
failed has no score, and a mean that would include it is missing: the reader decides what a model
that may fail is worth.
"""
