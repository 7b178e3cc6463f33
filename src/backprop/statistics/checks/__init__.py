"""What a careful reviewer would check: a module for each, with what its sentence says."""
