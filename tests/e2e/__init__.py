"""The whole line: a Slack-compatible server, real Bolt over a socket, and a cluster, real or simulated."""
