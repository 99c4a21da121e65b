"""Questions to the API server about oneself. Source: https://kubernetes.io/docs/reference/access-authn-authz/authorization/."""

from bot.core.inspections import Rule, Rules
from bot.core.reading import mapping, objects, text, texts
from bot.core.resources import Access, Json, Resource, Who
from bot.kube.client import Call, Client
from bot.kube.paths import collection

_WHO = Resource("authentication.k8s.io", "v1", "selfsubjectreviews", namespaced=False)
_RULES = Resource("authorization.k8s.io", "v1", "selfsubjectrulesreviews", namespaced=False)
_MAY = Resource("authorization.k8s.io", "v1", "selfsubjectaccessreviews", namespaced=False)


async def who(client: Client) -> Who:
    """Ask who the client's requests are made as."""
    body = {"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"}
    answer = await client.json(Call("POST", collection(_WHO), body=body))
    user = mapping(mapping(answer.get("status")).get("userInfo"))
    extras = tuple((key, texts(values)) for key, values in sorted(mapping(user.get("extra")).items()))
    return Who(text(user.get("username")), texts(user.get("groups")), extras, text(user.get("uid")))


async def allowed(client: Client, access: Access, *, namespace: str = "", name: str = "") -> bool:
    """Ask whether the client's requests have a right, in one namespace or (where it is empty) in the whole cluster."""
    resource, _, subresource = access.resource.partition("/")
    attributes = {
        "namespace": namespace,
        "verb": access.verb,
        "group": access.group,
        "resource": resource,
        "subresource": subresource,
        "name": name,
    }
    body: Json = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": {key: value for key, value in attributes.items() if value}},
    }
    answer = await client.json(Call("POST", collection(_MAY), body=body))
    status = mapping(answer.get("status"))
    return status.get("allowed") is True and status.get("denied") is not True


async def rules(client: Client, namespace: str) -> Rules:
    """Ask which rules reach the client's requests in a namespace, those of the whole cluster among them."""
    body: Json = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectRulesReview",
        "spec": {"namespace": namespace},
    }
    status = mapping((await client.json(Call("POST", collection(_RULES), body=body))).get("status"))
    found = tuple(_rule(one) for one in objects(status.get("resourceRules")))
    return Rules(found, is_whole=status.get("incomplete") is not True)


def _rule(told: Json) -> Rule:
    keys = ("verbs", "apiGroups", "resources", "resourceNames")
    return Rule(*(frozenset(texts(told.get(key))) for key in keys))
