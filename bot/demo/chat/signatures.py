"""Slack's request signatures, version 0: https://docs.slack.dev/authentication/verifying-requests-from-slack."""

import hashlib
import hmac


def sign(secret: str, timestamp: str, body: str) -> str:
    """Return the value of `x-slack-signature` for a body sent at `timestamp` (seconds)."""
    base = f"v0:{timestamp}:{body}".encode()
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
