"""What is compared: a registry with one entry per model, and how each family is trained."""
