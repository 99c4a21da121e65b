from pathlib import Path

import pytest
from pydantic import SecretStr

from config.errors import ConfigError
from config.settings import SHIPPED_TEMPLATES, Settings, load_settings, revision

KEY = "k" * 32
LEAST = {
    "SLACK_BOT_TOKEN": "xoxb-1",
    "SLACK_APP_TOKEN": "xapp-1",
    "SIGNING_KEYS": KEY,
    "PODBOT_NAMESPACE": "podbot",
    "PODBOT_POLICY": "/etc/podbot/policy.yaml",
}
NOWHERE = Path("/nonexistent/namespace")


def load(**changed: str) -> Settings:
    """Load the least environment with some of its variables changed."""
    return load_settings({**LEAST, **changed}, namespace_file=NOWHERE)


def problems(environment: dict[str, str]) -> set[tuple[str, str]]:
    """Return where an environment's problems are: the file, or "environment", and the key."""
    with pytest.raises(ConfigError) as caught:
        load_settings(environment, namespace_file=NOWHERE)
    return {(problem.file, problem.key) for problem in caught.value.problems}


def test_least_environment_gives_documented_defaults() -> None:
    """Five variables are enough, and the rest has the documented defaults."""
    settings = load()
    assert settings.socket_mode
    assert settings.slack_api_url == "https://slack.com/api/"
    assert (settings.cluster, settings.command, settings.kubeconfig) == ("main", "/pod", "")
    assert (settings.listen_host, settings.listen_port) == ("0.0.0.0", 3000)  # noqa: S104  # the documented default
    assert (settings.commands_at_once, settings.commands_waiting) == (20, 40)
    assert (settings.read_deadline, settings.change_deadline, settings.drain) == (30, 60, 25)
    assert settings.templates == SHIPPED_TEMPLATES


def test_who_podbot_is_to_kubernetes() -> None:
    """It impersonates unless it is told to ask for tokens, of ServiceAccounts in its own namespace."""
    assert (load().identity, load().accounts) == ("impersonation", "")
    assert load(PODBOT_IDENTITY="tokens").accounts == load().namespace


def test_a_revision_is_told_without_other_settings() -> None:
    """The revision alone can be read of any environment; one that is not a word is not told."""
    assert revision({"PODBOT_REVISION": "v1.2+dirty"}) == "v1.2+dirty"
    assert [revision(one) for one in ({}, {"PODBOT_REVISION": "a b"}, {"PODBOT_REVISION": "a\n"})] == ["", "", ""]


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("", None),
        (":8081", ("", 8081)),
        ("127.0.0.1:0", ("127.0.0.1", 0)),
        ("[::1]:8081", ("::1", 8081)),
        ("[::]:8081", ("::", 8081)),
        ("localhost:65535", ("localhost", 65535)),
    ],
)
def test_health_is_served_where_it_is_asked_for(address: str, place: tuple[str, int] | None) -> None:
    """Without an address there is no health server; a port alone means every address."""
    assert load(PODBOT_HEALTH_ADDRESS=address).health == place


@pytest.mark.parametrize("address", ["8081", "localhost", ":65536", ":", "::1:8081", "http://a:80", "a b:80", ":80/x"])
def test_a_wrong_address_is_refused(address: str) -> None:
    """What is no address is refused with the ways to write one."""
    with pytest.raises(ConfigError, match=r"PODBOT_HEALTH_ADDRESS.*:8081"):
        load(PODBOT_HEALTH_ADDRESS=address)


def test_all_secrets_are_known() -> None:
    """What must be in no log is every field that holds a secret."""
    settings = load(SIGNING_KEYS=f"{'a' * 32},{'b' * 32}", SLACK_SIGNING_SECRET="s3cret")
    assert set(settings.secrets) == {"xoxb-1", "xapp-1", "s3cret", "a" * 32, "b" * 32}
    hidden = [name for name, field in Settings.model_fields.items() if "Secret" in str(field.annotation)]
    assert sorted(hidden) == ["signing_keys", "slack_app_token", "slack_bot_token", "slack_signing_secret"]


def test_a_revision_is_one_word() -> None:
    """What is shown to people as the revision is short and plain."""
    assert load(PODBOT_REVISION="v1.2-3-gabc+dirty").revision == "v1.2-3-gabc+dirty"
    for wrong in ("a b", "<!channel>", "x" * 65):
        assert problems({**LEAST, "PODBOT_REVISION": wrong}) == {("environment", "PODBOT_REVISION")}


def test_the_end_of_a_line_is_no_part_of_a_token() -> None:
    """A token in a file ends as an editor ends a line; what is within it is still refused."""
    settings = load(SLACK_BOT_TOKEN="xoxb-1\n", SLACK_APP_TOKEN=" xapp-1\r\n", SLACK_SIGNING_SECRET="s\n")
    assert set(settings.secrets) == {"xoxb-1", "xapp-1", "s", KEY}


def test_several_keys_are_split_at_commas() -> None:
    """SIGNING_KEYS holds several keys, the first of which signs."""
    assert load(SIGNING_KEYS=f"{'a' * 32}, {'b' * 40}").signing_keys == (SecretStr("a" * 32), SecretStr("b" * 40))


def test_http_needs_signing_secret() -> None:
    """Without an app token the signing secret must be set, and the error says both ways out."""
    with pytest.raises(ConfigError) as caught:
        load(SLACK_APP_TOKEN="")
    assert str(caught.value) == (
        "environment: SLACK_SIGNING_SECRET: set it for HTTP, or SLACK_APP_TOKEN for Socket Mode"
    )
    assert not load(SLACK_APP_TOKEN="", SLACK_SIGNING_SECRET="s").socket_mode


def test_all_problems_are_reported_together() -> None:
    """Everything missing or wrong is reported at once, by variable."""
    assert problems({"SLACK_BOT_TOKEN": "xoxp-1", "PODBOT_LISTEN_PORT": "tcp://10.0.0.1:80"}) == {
        ("environment", "SLACK_BOT_TOKEN"),
        ("environment", "SIGNING_KEYS"),
        ("environment", "PODBOT_NAMESPACE"),
        ("environment", "PODBOT_POLICY"),
        ("environment", "PODBOT_LISTEN_PORT"),
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SLACK_BOT_TOKEN", "planted-secret"),
        ("SLACK_BOT_TOKEN", "xoxb-planted secret"),
        ("SLACK_BOT_TOKEN", "xoxb-planted\nsecret"),
        ("SLACK_APP_TOKEN", "xoxb-planted-secret"),
        ("SIGNING_KEYS", "planted-secret"),
        ("SIGNING_KEYS", f"{KEY},"),
        ("SLACK_API_URL", "http://planted-secret.example.com/api/"),
        ("SLACK_API_URL", "https://planted:secret@example.com/"),
        ("SLACK_API_URL", "https://example.com/?planted-secret"),
        ("SLACK_API_URL", "ftp://127.0.0.1/"),
        ("SLACK_API_URL", "https://[planted-secret/"),
        ("SLACK_API_URL", "https:///api/"),
        ("SLACK_API_URL", "https://example.com:planted/"),
        ("PODBOT_COMMAND", "planted-secret"),
        ("PODBOT_COMMAND", "/planted secret"),
        ("PODBOT_NAMESPACE", "planted/secret"),
        ("PODBOT_CLUSTER", "planted secret"),
        ("PODBOT_IDENTITY", "planted-secret"),
        ("PODBOT_READ_DEADLINE", "nan"),
        ("PODBOT_READ_DEADLINE", "0"),
        ("PODBOT_COMMANDS_AT_ONCE", "0"),
    ],
)
def test_bad_value_is_refused_by_name_and_never_shown(name: str, value: str) -> None:
    """A value that can't be used is refused by its variable's name, and the value is in no error or cause."""
    with pytest.raises(ConfigError) as caught:
        load(**{name: value})
    assert {problem.key.split(".")[0] for problem in caught.value.problems} == {name}
    assert "planted" not in f"{caught.value}{caught.value.__cause__}"


@pytest.mark.parametrize(
    ("url", "used"),
    [
        ("http://127.0.0.1:8080/api/", "http://127.0.0.1:8080/api/"),
        ("http://localhost:8080/api", "http://localhost:8080/api/"),
        ("http://[::1]:8080/api/", "http://[::1]:8080/api/"),
        ("https://slack.example.com/api", "https://slack.example.com/api/"),
    ],
)
def test_plain_http_is_for_loopback_only(url: str, used: str) -> None:
    """Slack's address is https, or plain http to this machine, and always ends with a slash."""
    assert load(SLACK_API_URL=url).slack_api_url == used


def test_secrets_are_not_in_repr() -> None:
    """Printing the settings shows no token and no key."""
    shown = repr(load(SLACK_BOT_TOKEN="xoxb-planted", SIGNING_KEYS="planted" * 8, SLACK_SIGNING_SECRET="planted"))
    assert "planted" not in shown


def test_environment_wins_over_file(tmp_path: Path) -> None:
    """A variable that is set wins over the file; an empty one counts as unset."""
    file = tmp_path / "podbot.yaml"
    file.write_text("PODBOT_CLUSTER: from-file\nPODBOT_COMMAND: /from-file\nPODBOT_DRAIN: 5\n")
    settings = load(PODBOT_CONFIG=str(file), PODBOT_CLUSTER="from-environment", PODBOT_COMMAND="")
    assert (settings.cluster, settings.command, settings.drain) == ("from-environment", "/from-file", 5)


def test_problem_names_where_the_value_came_from(tmp_path: Path) -> None:
    """A wrong value in the file is reported with the file's name, one in the environment as such."""
    file = tmp_path / "podbot.yaml"
    file.write_text("PODBOT_CLUSTER: A\nPODBOT_COMMAND: pod\nPODBOT_POLCY: x\nSIGNING_KEYS: [short]\n")
    environment = {**LEAST, "PODBOT_CONFIG": str(file), "PODBOT_COMMAND": "x", "SIGNING_KEYS": ""}
    assert problems(environment) == {
        (str(file), "PODBOT_CLUSTER"),
        (str(file), "PODBOT_POLCY"),
        (str(file), "SIGNING_KEYS.0"),
        ("environment", "PODBOT_COMMAND"),
    }


def test_unknown_key_in_file_is_refused_with_the_nearest(tmp_path: Path) -> None:
    """A misspelt key of the file is answered with the one that was meant."""
    file = tmp_path / "podbot.yaml"
    file.write_text("PODBOT_POLCY: x\n")
    with pytest.raises(ConfigError, match=r"PODBOT_POLCY: unknown key; did you mean “PODBOT_POLICY”\?"):
        load(PODBOT_CONFIG=str(file))


def test_variables_of_kubernetes_services_are_ignored() -> None:
    """Variables that Kubernetes sets for a Service named podbot disturb nothing."""
    assert load(PODBOT_PORT="tcp://10.0.0.1:80", PODBOT_SERVICE_HOST="10.0.0.1").listen_port == 3000


def test_own_namespace_comes_from_service_account(tmp_path: Path) -> None:
    """In a pod, podbot's own namespace is its service account's, unless it is set."""
    file = tmp_path / "namespace"
    file.write_text("from-pod\n")
    environment = {**LEAST, "PODBOT_NAMESPACE": ""}
    assert load_settings(environment, namespace_file=file).namespace == "from-pod"
    assert load_settings(LEAST, namespace_file=file).namespace == "podbot"
