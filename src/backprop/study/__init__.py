"""What is trained on what: configurations, splits, fits, metrics and scores."""
