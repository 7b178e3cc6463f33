"""What can be compared: a registry with one entry per model, and how each model is trained."""
