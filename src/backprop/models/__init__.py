"""The models that are compared: a registry with one entry per model, and how each is trained."""
