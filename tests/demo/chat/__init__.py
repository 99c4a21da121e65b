"""The Slack-compatible server, mostly seen by Slack's own packages."""
