"""Watching pods for channels: one replica at a time looks, as the channel's tier, and tells each incident once.

What may not be here: what decides whether something is an incident (`bot.core.incidents`), and any request of the bot's
own (`bot.kube.own`).
"""
