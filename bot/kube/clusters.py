"""The one way to a cluster: for somebody, in a namespace that policy granted."""

from bot.core.errors import NotSetUp
from bot.core.grants import Grant
from bot.core.wire import Transport
from bot.kube.becoming import client_as
from bot.kube.cluster import BoundCluster
from bot.kube.tokens import Tokens


class KubernetesClusters:
    """`ports.Clusters` for the one configured cluster; `own_user` is the bot's own user, to tell its 403s apart.

    Without `tokens` no grant can be a ServiceAccount's.
    """

    def __init__(self, name: str, transport: Transport, own_user: str, tokens: Tokens | None = None) -> None:
        self._name = name
        self._transport = transport
        self._own_user = own_user
        self._tokens = tokens

    def acting_as(self, grant: Grant) -> BoundCluster:
        """Return the grant's namespace, bound to its identity; `NotSetUp` for a cluster that is not configured."""
        if grant.cluster != self._name:
            raise NotSetUp(f"no cluster {grant.cluster!r} is configured")
        client = client_as(self._transport, grant.identity, self._own_user, self._tokens)
        return BoundCluster(self._name, grant.namespace, client)
