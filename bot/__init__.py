"""podbot: Kubernetes pod actions in Slack, each made with the rights of the person who asks.

Nothing is imported here, so that `podbot --help` stays quick.
"""
