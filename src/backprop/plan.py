"""What the workflow has to do for a config."""
