"""The rights that a closer look at one pod uses beyond reading it; each may be missing, and then that is said."""

from typing import Final

from bot.core.resources import Access

LOOKING: Final = (
    Access("get", "pods/log", optional=True),
    Access("list", "events", optional=True),
    Access("list", "persistentvolumeclaims", optional=True),
    Access("get", "configmaps", optional=True),
    Access("list", "services", optional=True),
    Access("list", "endpointslices", group="discovery.k8s.io", optional=True),
    Access("get", "replicationcontrollers", optional=True),
    Access("get", "replicasets", group="apps", optional=True),
    Access("get", "statefulsets", group="apps", optional=True),
    Access("get", "daemonsets", group="apps", optional=True),
    Access("get", "jobs", group="batch", optional=True),
    Access("get", "nodes", optional=True, scope="cluster"),
    Access("get", "persistentvolumes", optional=True, scope="cluster"),
    Access("get", "storageclasses", group="storage.k8s.io", optional=True, scope="cluster"),
)
