"""The only room that imports `slack_bolt` and `slack_sdk`: payloads to Asks, Replies to messages.

What may not be here: Kubernetes, policy, and the wording of replies.
"""
