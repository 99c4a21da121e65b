"""The modals that are open in the workspace, and what their fields hold.

Source: https://docs.slack.dev/surfaces/modals.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import count

from bot.core.resources import Json
from bot.demo.chat.bell import Bell
from bot.demo.chat.errors import SlackError
from bot.demo.chat.keeping import Recent
from bot.demo.chat.view_schema import accept, accept_home, inputs

Values = Mapping[str, Mapping[str, Json]]
"""What the fields hold, as Slack reports it: by block_id, then action_id."""


@dataclass(frozen=True, slots=True)
class View:
    """One open modal as it stands now.

    `says` is what the app sent, each block with an id. `errors` stand beside fields, by block_id. `trouble` is set
    where Slack itself says in it that the app did not answer as it should.
    """

    id: str
    user: str
    says: Json
    hash: str
    values: Values
    errors: Mapping[str, str] = field(default_factory=dict)
    trouble: bool = False

    @property
    def title(self) -> str:
        """The title."""
        return str(self.says["title"]["text"])

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of the fields, from top to bottom."""
        return tuple(str(block["label"]["text"]) for block in inputs(self.says))

    @property
    def shown(self) -> dict[str, str]:
        """What a person reads in each field, by its label."""
        return {block["label"]["text"]: _shown(self.values[block["block_id"]]) for block in inputs(self.says)}

    @property
    def wrong(self) -> dict[str, str]:
        """The errors that stand beside fields, by label."""
        labels = {block["block_id"]: block["label"]["text"] for block in inputs(self.says)}
        return {labels[block_id]: words for block_id, words in self.errors.items()}

    def block(self, label: str) -> Json:
        """Return the field with this label; LookupError where the form has none."""
        found = next((block for block in inputs(self.says) if block["label"]["text"] == label), None)
        if found is None:
            raise LookupError(f"no field {label}, only {list(self.labels)}")
        return found

    def missing(self) -> list[str]:
        """Return the labels of the required fields that hold nothing."""
        must = [block for block in inputs(self.says) if not block.get("optional")]
        return [block["label"]["text"] for block in must if not _shown(self.values[block["block_id"]])]


class Views:
    """Every open modal, by its id; closing one forgets it. And each user's Home tab, which nobody closes."""

    def __init__(self, bell: Bell, most: int | None = None) -> None:
        self._bell = bell
        self._serials = count(1)
        self._open: Recent[str, View] = Recent(most)
        self._homes: dict[str, View] = {}

    def open(self, user: str, says: Json) -> View:
        """Show a new modal to a user."""
        said = _with_ids(accept(says))
        return self.put(View(f"V{next(self._serials):06d}", user, said, self._hash(), _initial(said, {})))

    def publish(self, user: str, says: Json, hash_: str = "") -> View:
        """Put up a user's Home tab, in the place of the one before unless `hash_` names an older one."""
        said, before = _with_ids(accept_home(says)), self._homes.get(user)
        if before is not None and hash_ not in ("", before.hash):
            raise SlackError("hash_conflict")
        name = before.id if before else f"V{next(self._serials):06d}"
        home = View(name, user, said, self._hash(), _initial(said, before.values if before else {}))
        self._homes[user] = home
        self._bell.ring()
        return home

    def home(self, user: str) -> View | None:
        """Return a user's Home tab, where the app has published one."""
        return self._homes.get(user)

    def find(self, view_id: str) -> View:
        """Return an open modal, or raise `not_found`."""
        if view_id not in self._open:
            raise SlackError("not_found")
        return self._open[view_id]

    def of(self, user: str) -> View | None:
        """Return the modal that a user sees: the one opened last."""
        return next((view for view in reversed(self._open.values()) if view.user == user), None)

    def update(self, view: View, says: Json) -> View:
        """Replace a modal; fields with the same block_id and action_id keep what they hold."""
        said = _with_ids(accept(says))
        values = _initial(said, view.values)
        return self.put(replace(view, says=said, hash=self._hash(), values=values, errors={}, trouble=False))

    def put(self, view: View) -> View:
        """Take note of a modal's new state."""
        self._open[view.id] = view
        self._bell.ring()
        return view

    def close(self, view: View) -> None:
        """Close a modal."""
        self._open.pop(view.id, None)
        self._bell.ring()

    def _hash(self) -> str:
        return f"{next(self._serials)}.demo"


def _with_ids(says: Json) -> Json:
    return {**says, "blocks": [{"block_id": f"b{index}", **block} for index, block in enumerate(says["blocks"])]}


def _initial(says: Json, before: Values) -> Values:
    values: dict[str, Mapping[str, Json]] = {}
    for block in inputs(says):
        block_id, element = block["block_id"], block["element"]
        action_id = element["action_id"]
        kept = before.get(block_id, {}).get(action_id)
        values[block_id] = {action_id: _held(element) if kept is None else kept}
    return values


def _held(element: Json) -> Json:
    """Return what a fresh field holds; Slack reports an empty one as null."""
    if element["type"] == "static_select":
        return {"type": "static_select", "selected_option": element.get("initial_option")}
    return {"type": "plain_text_input", "value": element.get("initial_value") or None}


def _shown(held: Mapping[str, Json]) -> str:
    (value,) = held.values()
    if value["type"] == "static_select":
        option = value["selected_option"]
        return str(option["text"]["text"]) if option else ""
    return value["value"] or ""
