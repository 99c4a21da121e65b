"""Who and what there is in the workspace that the server plays."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from types import MappingProxyType

from bot.demo.chat.errors import SlackError


class Kind(Enum):
    """What a user is; Slack tells it by flags of the `user` object."""

    MEMBER = "full member"
    GUEST = "multi-channel guest"
    SINGLE_CHANNEL_GUEST = "single-channel guest"
    STRANGER = "member of another workspace"
    BOT = "bot"
    DELETED = "deactivated member"


@dataclass(frozen=True, slots=True)
class User:
    """A user; `team` is the user's own, which differs from the workspace's for a stranger."""

    id: str
    name: str
    kind: Kind = Kind.MEMBER
    team: str = "T0ACME"
    timezone: str = "Europe/Amsterdam"
    offset: int = 3600


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel or, where `direct` is set, a direct message.

    `shared` with another workspace through Slack Connect, `org_shared` with others of the same organisation.
    """

    id: str
    name: str
    members: frozenset[str] = frozenset()
    private: bool = False
    archived: bool = False
    shared: bool = False
    org_shared: bool = False
    direct: bool = False


@dataclass(frozen=True, slots=True)
class App:
    """The one installed app, its secrets and its bot user.

    `scopes` are what its bot token was granted, None for all that there are; `may_connect`: its app-level token may
    open sockets. `shortcuts` are the names of its entries in the menu of messages, by callback id.
    """

    id: str = "A0PODBOT"
    bot: str = "B0PODBOT"
    user: str = "U0PODBOT"
    bot_token: str = field(default="xoxb-demo", repr=False)
    app_token: str = field(default="xapp-demo", repr=False)
    signing_secret: str = field(default="demo-signing-secret", repr=False)
    command: str = "/pod"
    scopes: frozenset[str] | None = None
    may_connect: bool = True
    shortcuts: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Workspace:
    """One team with its users, channels and usergroups by id; they are replaced, never changed in place."""

    team: str = "T0ACME"
    domain: str = "acme"
    app: App = field(default_factory=App)
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    usergroups: dict[str, frozenset[str]] = field(default_factory=dict)

    def user(self, user: str) -> User:
        """Return a user, or raise Slack's `user_not_found`."""
        if user not in self.users:
            raise SlackError("user_not_found")
        return self.users[user]

    def channel(self, channel: str) -> Channel:
        """Return a channel, or raise Slack's `channel_not_found`."""
        if channel not in self.channels:
            raise SlackError("channel_not_found")
        return self.channels[channel]

    def add(self, *things: User | Channel) -> None:
        """Add users and channels, or replace those with the same id."""
        for thing in things:
            if isinstance(thing, User):
                self.users[thing.id] = thing
            else:
                self.channels[thing.id] = thing

    def join(self, channel: str, user: str) -> None:
        """Make `user` a member of `channel`."""
        known = self.channel(channel)
        self.channels[channel] = replace(known, members=known.members | {user})

    def leave(self, channel: str, user: str) -> None:
        """Take `user` out of `channel`."""
        known = self.channel(channel)
        self.channels[channel] = replace(known, members=known.members - {user})

    def direct(self, user: str) -> Channel:
        """Return the direct message between the app's bot and `user`, opened where it is not yet."""
        self.user(user)
        channel = Channel("D" + user[1:], "directmessage", frozenset({user, self.app.user}), direct=True)
        return self.channels.setdefault(channel.id, channel)


def acme(scopes: frozenset[str] | None = None, shortcuts: Mapping[str, str] = MappingProxyType({})) -> Workspace:
    """Return the workspace of the tests and the demo: two members, one of each other kind, four channels.

    `scopes` are what the app was granted, None for all that there are; `shortcuts` as in `App`.
    """
    workspace = Workspace(app=App(scopes=scopes, shortcuts=shortcuts), usergroups={"S0ONCALL": frozenset({"U0ALICE"})})
    workspace.add(
        User("U0ALICE", "alice"),
        User("U0BOB", "bob", timezone="America/New_York", offset=-18000),
        User("U0GUEST", "gus", Kind.GUEST),
        User("U0SINGLE", "sid", Kind.SINGLE_CHANNEL_GUEST),
        User("U0STRANGER", "stan", Kind.STRANGER, team="T0OTHER"),
        User("U0GONE", "gwen", Kind.DELETED),
        User("U0ALERTS", "alerts", Kind.BOT),
        User(workspace.app.user, "podbot", Kind.BOT),
    )
    people = frozenset(workspace.users) - {"U0STRANGER", "U0GONE"}
    workspace.add(
        Channel("C0TEAM", "team", people),
        Channel("C0ONCALL", "oncall", people, private=True),
        Channel("C0SHARED", "shared-with-other", people | {"U0STRANGER"}, shared=True),
        Channel("C0QUIET", "without-podbot", people - {workspace.app.user}),
    )
    return workspace
