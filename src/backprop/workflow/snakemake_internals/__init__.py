"""All that is used of Snakemake, and that its documentation does not promise.

Their test names what a new version of Snakemake lacks, and that nothing else in the library, the
scripts and the rules uses more than `snakemake.utils`, which is documented. Only
``workflow/rules/library.smk``, which finds this library, uses the address of a module. The same
test covers what is not in Python: the style of the report, which names parts of it.
"""
