"""Settings, policy and templates: their shapes, their files, and errors that name file, key and mend.

What may not be here: anything of `bot` or `handlers`.
"""
