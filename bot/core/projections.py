"""What is projected into a volume: ConfigMaps, Secrets, the pod's fields, tokens, certificates.

Source: https://kubernetes.io/docs/reference/kubernetes-api/core/pod-v1/#projections.
"""

from collections.abc import Callable, Iterator, Mapping

from bot.core.reading import mapping, number, objects, text
from bot.core.requirements import label_selector
from bot.core.resources import Json

_PATHS = ("credentialBundlePath", "keyPath", "certificateChainPath")


def items(source: Json) -> Iterator[str]:
    """Yield which keys become which files; none are named where every key becomes a file."""
    for item in objects(source.get("items")):
        yield f"{text(item.get('key'))} as {text(item.get('path'))}{_own_mode(item)}"
    if source.get("optional") is True:
        yield "optional"


def mode(source: Json) -> Iterator[str]:
    """Yield the permissions of the files, as chmod takes them."""
    if "defaultMode" in source:
        yield f"mode {number(source['defaultMode']):04o}"


def fields_of_the_pod(source: Json) -> Iterator[str]:
    """Yield which field or resource of the pod becomes which file."""
    for item in objects(source.get("items")):
        field, resource = mapping(item.get("fieldRef")), mapping(item.get("resourceFieldRef"))
        whose = " of ".join(filter(None, (text(resource.get("resource")), text(resource.get("containerName")))))
        yield f"{text(field.get('fieldPath')) or whose} as {text(item.get('path'))}{_own_mode(item)}"


def projected(source: Json) -> Iterator[str]:
    """Yield what each source of a projected volume brings; one that is unknown here by its key."""
    for one in objects(source.get("sources")):
        for key, value in one.items():
            if isinstance(value, dict):
                yield _SOURCES[key](value) if key in _SOURCES else key


def _own_mode(item: Json) -> str:
    return f" (mode {number(item['mode']):04o})" if number(item.get("mode")) else ""


def _named(kind: str) -> Callable[[Json], str]:
    def say(value: Json) -> str:
        said = ", ".join(items(value))
        return f"{kind} {text(value.get('name'))}{f': {said}' if said else ''}"

    return say


def _fields(value: Json) -> str:
    return f"pod fields: {', '.join(fields_of_the_pod(value))}"


def _token(value: Json) -> str:
    audience = text(value.get("audience")) or "the API server"
    seconds = number(value.get("expirationSeconds"))
    lasting = f", renewed before {seconds}s are over" if seconds else ""
    return f"service account token at {text(value.get('path'))} for {audience}{lasting}"


def _bundle(value: Json) -> str:
    signer, name = text(value.get("signerName")), text(value.get("name"))
    # Without a selector no bundle is meant, with an empty one each of the signer's.
    others = "none of them" if value.get("labelSelector") is None else "all of them"
    which = name or f"of signer {signer} ({label_selector(value.get('labelSelector')) or others})"
    optional = ", optional" if value.get("optional") is True else ""
    return f"trust bundle {which} at {text(value.get('path'))}{optional}"


def _certificate(value: Json) -> str:
    paths = ", ".join(filter(None, (text(value.get(key)) for key in _PATHS)))
    key = text(value.get("keyType"))
    seconds = number(value.get("maxExpirationSeconds"))
    lasting = f", for at most {seconds}s" if seconds else ""
    return f"pod certificate of signer {text(value.get('signerName'))} ({key}) at {paths}{lasting}"


_SOURCES: Mapping[str, Callable[[Json], str]] = {
    "configMap": _named("ConfigMap"),
    "secret": _named("Secret"),
    "downwardAPI": _fields,
    "serviceAccountToken": _token,
    "clusterTrustBundle": _bundle,
    "podCertificate": _certificate,
}
