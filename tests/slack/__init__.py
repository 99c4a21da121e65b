"""The Slack edge, against the Slack-compatible server."""
