"""The rules, a family a file. What may not be here: I/O, a rule that another family's rule calls."""
