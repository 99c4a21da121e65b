"""The chat page of the demo: what a person sees of the workspace in a browser, and what they do there.

What may not be here: what Slack's server does (`bot.demo.chat`), the cluster, and anything fetched from elsewhere.
"""
