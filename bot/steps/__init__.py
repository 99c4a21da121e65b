"""Reads that several verbs share, over the ports of `bot.core.ports`.

What may not be here: changes to the cluster, Block Kit, and anything only one verb needs.
"""
