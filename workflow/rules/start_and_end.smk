from backprop.workflow.snakemake_run.snakemake_internals import REPLACES


envvars:
    REPLACES,


# After all rules: some of them may make a table that is to be looked at.
this_run.say_what_is_used()


onstart:
    this_run.begin()
    this_run.session.warm_up(f"{root}/workflow/scripts")


onsuccess:
    this_run.succeed()


onerror:
    this_run.fail()
