"""What a config asks for: models, folds, data sets, files, and what each job depends on."""
