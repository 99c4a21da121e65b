"""The Web API's methods, called by slack_sdk."""
