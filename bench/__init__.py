"""How fast podbot is, as ratios to what it can't do without, all measured in one run: `make bench`.

What may not be here: an assertion. A slow machine is no defect, and a ratio is for people to judge.
"""
