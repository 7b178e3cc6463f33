"""Numbers from numbers: tests, intervals, selection and decisions."""
