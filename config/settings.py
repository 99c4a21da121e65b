"""Settings from the environment and an optional file, which has the same names as keys; the environment wins."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, model_validator

from config import names
from config.errors import ENVIRONMENT, ConfigError, Problem, cross_check, from_pydantic
from config.files import parse, read
from config.models import Strict
from config.proxies import is_loopback

CONFIG_FILE: Final = "PODBOT_CONFIG"
SERVICE_ACCOUNT_NAMESPACE: Final = Path("/var/run/secrets/kubernetes.io/serviceaccount/namespace")
SHIPPED_TEMPLATES: Final = Path(__file__).parent / "templates"
SHORTEST_KEY: Final = 32
REVISION: Final = "PODBOT_REVISION"

# Spelled out, for 64 of Unicode's \w would be an automaton of 6 MB.
_REVISION = r"^[0-9A-Za-z_.+-]{0,64}$"
_HIGHEST_PORT = 65535
_COMMAND = re.compile(r"/[a-z0-9_-]{1,31}")


def _begins(prefix: str) -> AfterValidator:
    def check(secret: SecretStr) -> SecretStr:
        if not re.fullmatch(rf"{prefix}[!-~]+", secret.get_secret_value()):
            raise ValueError(f"not a token of the right kind; it begins with {prefix}")
        return secret

    return AfterValidator(check)


def _trimmed(value: Any) -> Any:
    """Take the line's end away that an editor leaves in a file, and a Secret made of it keeps."""
    return value.strip() if isinstance(value, str) else value


def _split(value: Any) -> Any:
    return [part.strip() for part in value.split(",")] if isinstance(value, str) else value


def _long(key: SecretStr) -> SecretStr:
    if len(key.get_secret_value()) < SHORTEST_KEY:
        raise ValueError(f"each key needs at least {SHORTEST_KEY} characters; make one with: openssl rand -hex 32")
    return key


def _api(url: str) -> str:
    try:
        parts = urlsplit(url)
        plain = bool(parts.hostname) and parts.port != 0 and "@" not in parts.netloc
    except ValueError:
        plain = False
    if not plain or parts.query or parts.fragment or not re.fullmatch(r"[!-~]+", url):
        raise ValueError("not the address of a Web API; use one such as https://slack.com/api/")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(url)):
        raise ValueError("only https is safe for tokens, except to this machine itself; use https://")
    return url if url.endswith("/") else f"{url}/"


def _address(address: str) -> str:
    host, colon, port = address.rpartition(":")
    is_port = re.fullmatch(r"[0-9]{1,5}", port) is not None and int(port) <= _HIGHEST_PORT
    if address and not (colon and is_port and re.fullmatch(r"[0-9A-Za-z.-]*|\[[0-9A-Fa-f:.]+\]", host)):
        raise ValueError("not an address to listen at; use one such as :8081, 127.0.0.1:8081 or [::1]:8081")
    return address


def slash_command(name: str) -> str:
    """Return a slash command as Slack takes it, or raise ValueError."""
    if not _COMMAND.fullmatch(name):
        raise ValueError("not a slash command; use a slash, then 1 to 31 of a-z, 0-9, “-” and “_”")
    return name


Token = Annotated[SecretStr, BeforeValidator(_trimmed)]
ApiUrl = Annotated[str, AfterValidator(_api)]
Command = Annotated[str, AfterValidator(slash_command)]
Key = Annotated[SecretStr, AfterValidator(_long)]
Keys = Annotated[tuple[Key, ...], BeforeValidator(_split), Field(min_length=1)]
Port = Annotated[int, Field(ge=0, le=_HIGHEST_PORT)]
Count = Annotated[int, Field(ge=1, le=10_000)]
Seconds = Annotated[float, Field(gt=0, le=3600, allow_inf_nan=False)]


class Settings(Strict):
    """What podbot is started with; deadlines in seconds.

    `signing_keys`: the first signs, all verify. `kubeconfig` empty means the pod's own service account. `namespace` is
    podbot's own. In Socket Mode (an app token is there) nothing listens on `listen_host` and `listen_port`.
    """

    slack_bot_token: Annotated[Token, _begins("xoxb-")] = Field(alias="SLACK_BOT_TOKEN")
    slack_app_token: Annotated[Token, _begins("xapp-")] | None = Field(None, alias="SLACK_APP_TOKEN")
    slack_signing_secret: Token | None = Field(None, alias="SLACK_SIGNING_SECRET")
    slack_api_url: ApiUrl = Field("https://slack.com/api/", alias="SLACK_API_URL")
    signing_keys: Keys = Field(alias="SIGNING_KEYS")
    kubeconfig: str = Field("", alias="KUBECONFIG")
    kube_context: str = Field("", alias="PODBOT_KUBE_CONTEXT")
    cluster: Annotated[str, AfterValidator(names.cluster_name)] = Field("main", alias="PODBOT_CLUSTER")
    namespace: Annotated[str, AfterValidator(names.namespace)] = Field(alias="PODBOT_NAMESPACE")
    policy: Path = Field(alias="PODBOT_POLICY")
    identity: Literal["impersonation", "tokens"] = Field("impersonation", alias="PODBOT_IDENTITY")
    templates: Path = Field(SHIPPED_TEMPLATES, alias="PODBOT_TEMPLATES")
    revision: Annotated[str, Field(pattern=_REVISION)] = Field("", alias=REVISION)
    command: Command = Field("/pod", alias="PODBOT_COMMAND")
    # Not PODBOT_PORT: Kubernetes sets that one itself, to a URL, beside a Service named podbot.
    listen_host: str = Field("0.0.0.0", alias="PODBOT_LISTEN_HOST")  # noqa: S104  # a container's only door
    listen_port: Port = Field(3000, alias="PODBOT_LISTEN_PORT")
    commands_at_once: Count = Field(20, alias="PODBOT_COMMANDS_AT_ONCE")
    commands_waiting: Annotated[int, Field(ge=0, le=10_000)] = Field(40, alias="PODBOT_COMMANDS_WAITING")
    read_deadline: Seconds = Field(30, alias="PODBOT_READ_DEADLINE")
    change_deadline: Seconds = Field(60, alias="PODBOT_CHANGE_DEADLINE")
    drain: Seconds = Field(25, alias="PODBOT_DRAIN")
    check_at_start: bool = Field(default=True, alias="PODBOT_CHECK_AT_START")
    health_address: Annotated[str, AfterValidator(_address)] = Field("", alias="PODBOT_HEALTH_ADDRESS")
    health_patience: Seconds = Field(30, alias="PODBOT_HEALTH_PATIENCE")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", alias="PODBOT_LOG_LEVEL")

    @property
    def accounts(self) -> str:
        """The namespace of the tiers' ServiceAccounts; empty where podbot impersonates."""
        return self.namespace if self.identity == "tokens" else ""

    @property
    def socket_mode(self) -> bool:
        """Whether Slack is reached by a socket that podbot opens, not by requests that Slack sends."""
        return self.slack_app_token is not None

    @property
    def health(self) -> tuple[str, int] | None:
        """Host (empty is every address) and port of the health server; None where there is to be none."""
        host, _, port = self.health_address.rpartition(":")
        return (host.strip("[]"), int(port)) if self.health_address else None

    @property
    def secrets(self) -> tuple[str, ...]:
        """All values that must be in no log."""
        tokens = (self.slack_bot_token, self.slack_app_token, self.slack_signing_secret, *self.signing_keys)
        return tuple(token.get_secret_value() for token in tokens if token)

    @model_validator(mode="after")
    def _can_hear_slack(self) -> Self:
        if not self.slack_app_token and not self.slack_signing_secret:
            mend = "set it for HTTP, or SLACK_APP_TOKEN for Socket Mode"
            cross_check([("SLACK_SIGNING_SECRET", mend)])
        return self


NAMES: Final = tuple(str(field.alias) for field in Settings.model_fields.values())


def load_settings(environment: Mapping[str, str], *, namespace_file: Path = SERVICE_ACCOUNT_NAMESPACE) -> Settings:
    """Read settings from `environment` over the file that PODBOT_CONFIG names; empty variables count as unset.

    Raises `ConfigError` with all problems, each naming the file, or "environment", that the value came from.
    """
    typed = {name: environment[name] for name in NAMES if environment.get(name)}
    file = environment.get(CONFIG_FILE, "")
    written = parse(read(Path(file)), file) if file else {}
    found = {**_in_cluster(namespace_file), **written, **typed}
    try:
        return Settings.model_validate(found)
    except ValidationError as error:
        problems = from_pydantic(ENVIRONMENT, Settings, error)
        raise ConfigError.of([_placed(one, file, {*written} - {*typed}) for one in problems]) from error


def revision(environment: Mapping[str, str]) -> str:
    """Return which build this is, without reading any other setting; empty where it is not told, or not in one word."""
    told = environment.get(REVISION, "")
    return told if re.fullmatch(_REVISION, told) else ""


def _in_cluster(file: Path) -> dict[str, str]:
    return {"PODBOT_NAMESPACE": read(file).decode(errors="replace").strip()} if file.is_file() else {}


def _placed(problem: Problem, file: str, from_file: set[str]) -> Problem:
    key, _, _ = problem.key.partition(".")
    return Problem(file, problem.key, problem.mend) if key in from_file else problem
