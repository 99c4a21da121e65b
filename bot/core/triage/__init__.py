"""What is wrong with a pod: a snapshot of what was read, rules that judge it, and a verdict that names one cause.

What may not be here: I/O, a clock (`Snapshot.now` is the time), Slack's words, and a rule that is in no family's list.
"""
