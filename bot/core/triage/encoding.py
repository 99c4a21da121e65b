"""Snapshots as JSON: what is recorded from a cluster, and kept beside the tests."""

from dataclasses import MISSING, asdict, fields
from datetime import UTC
from typing import Any

from bot.core.ages import moment
from bot.core.resources import Json
from bot.core.triage.snapshot import Log, Snapshot, Unseen

_PARTS: dict[str, type[Log] | type[Unseen]] = {"logs": Log, "unseen": Unseen}
_TUPLES = frozenset({"happened", "owners", "services", "slices", "peers"})
_KEYS = frozenset({"config_maps"})


def encode(seen: Snapshot) -> Json:
    """Return a snapshot as JSON, without the parts that are empty."""
    told = {one.name: getattr(seen, one.name) for one in fields(seen) if one.name not in {"now", *_PARTS}}
    parts = {key: [asdict(one) for one in getattr(seen, key)] for key in _PARTS}
    kept = {key: value for key, value in {**told, **parts}.items() if value or (value == () and key in _OPEN)}
    return {"now": seen.now.astimezone(UTC).isoformat().replace("+00:00", "Z"), **_plain(kept)}


def decode(raw: Json) -> Snapshot:
    """Read what `encode` wrote; raise `ValueError` for a part that no snapshot has, or without a time."""
    now, known = moment(raw.get("now")), {one.name for one in fields(Snapshot)}
    if now is None or raw.keys() - known:
        raise ValueError(f"no time, or unknown parts: {sorted(raw.keys() - known)}")
    return Snapshot(now, **{key: _part(key, value) for key, value in raw.items() if key != "now"})


_OPEN = frozenset(one.name for one in fields(Snapshot) if one.default is None and one.default is not MISSING)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def _part(key: str, value: Any) -> Any:
    if key in _PARTS:
        return tuple(_PARTS[key](**one) for one in value)
    if key in _KEYS:
        return {name: None if keys is None else tuple(keys) for name, keys in value.items()}
    return tuple(value) if key in _TUPLES else value
