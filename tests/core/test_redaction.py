"""Secrets masked, and everything else kept."""

import string
from base64 import b64encode
from textwrap import wrap
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.redaction import MASK, carries_secret, redact, redact_reply
from bot.core.replies import File, Reply

WORDS = string.ascii_letters + string.digits
JWT = "eyJhbGciOiJSUzI1NiIsImtpZCI6IngifQ.eyJzdWIiOiJzeXN0ZW06c2VydmljZWFjY291bnQifQ.c2ln-bmF0_dXJl"
KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\nabc=\n-----END RSA PRIVATE KEY-----"
# In base64, as a Secret's `tls.key` and a kubeconfig's `client-key-data` have them.
ENCODED = {
    kind: b64encode(f"-----BEGIN {kind}-----\n{'MIIEpAIB' * 20}\n-----END {kind}-----\n".encode()).decode()
    for kind in ("PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "OPENSSH PRIVATE KEY", "ENCRYPTED PRIVATE KEY")
}
PUBLIC = {
    kind: b64encode(f"-----BEGIN {kind}-----\nMIIEpAIB\n-----END {kind}-----\n".encode()).decode()
    for kind in ("CERTIFICATE", "PUBLIC KEY")
}
TOKENS = [
    *ENCODED.values(),
    "xoxb-123456789012-abcdefghijkl",
    "xoxe.xoxp-1-Mi0yLTEyMzQ1Njc4OTA",
    "xapp-1-A0123-456-abcdef0123456789",
    JWT,
    "eyJhdXRocyI6eyJyZWdpc3RyeSI6e319fQ==",
    "AKIAIOSFODNN7EXAMPLE",
    "ghp_" + "a1B2" * 9,
    "github_pat_11ABCDEFG0_abcdefghijklmnopqrstuvwxyz",
    "glpat-abcdefghij0123456789",
    "AIza" + "Sy_-" * 8 + "abc",
    "sk_live_abcdefghijklmnop",
    "npm_" + "a1" * 18,
    "pypi-" + "AgEI" * 12,
    "sk-ant-api03-abcdefghijklmnopqrstuvwx",
    "SG.abcdefghijklmnopqrstuv.wxyzabcdefghijklmnopqr",
    "hvs.CAESIabcdefghijklmnopqrst",
    "dop_v1_" + "0a" * 32,
]


@pytest.mark.parametrize("token", TOKENS)
def test_tokens_of_known_forms_are_masked(token: str) -> None:
    """A token is masked wherever it stands, and what surrounds it stays."""
    assert redact(f"got {token} here") == f"got {MASK} here"
    assert redact(f'["{token}"]\n({token})') == f'["{MASK}"]\n({MASK})'


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("password=hunter2 ok", "password=‹› ok"),
        ("DB_PASSWORD=a&b c", "DB_PASSWORD=‹› c"),
        ("password2: hunter2.", "password2: ‹›"),
        ("MYSQL_PWD=x DB_PASS=y", "MYSQL_PWD=‹› DB_PASS=‹›"),
        ("GET /x?token=abc&user=x", "GET /x?token=‹›&user=x"),
        ("api_key = A1, apiKey=B2; ok", "api_key = ‹›, apiKey=‹›; ok"),
        ("aws_secret_access_key = wJalr/x+y", "aws_secret_access_key = ‹›"),
        ("X-Api-Key: abc123", "X-Api-Key: ‹›"),
        ("{password: abc, user: x}", "{password: ‹›, user: x}"),
        ("(token=abc) `secret=abc`, x", "(token=‹›) `secret=‹›`, x"),
        ("Token:abc", "Token:‹›"),
        ("access_token: hunter", "access_token: ‹›"),
        ("token: password: hunter2", "token: password: ‹›"),
        ("token := t0ken => x", "token := ‹› => x"),
        ("secret == s3 and more", "secret == ‹› and more"),
        ('{"client_secret": "a b \\" c", "x": 1}', '{"client_secret": "‹›", "x": 1}'),
        ('"{\\"password\\":\\"s3cr3t\\",\\"a\\":1}"', '"{\\"password\\":\\"‹›\\",\\"a\\":1}"'),
        ("password: 'it is' # mine", "password: '‹›' # mine"),
        ('password="never closed\nnext', 'password="‹›\nnext'),
        ("password: |\n  abc\n  def\nuser: x", "password: ‹›\nuser: x"),
        ("mysql --password foo bar", "mysql --password ‹› bar"),
        ("mysql --db-password=foo bar", "mysql --db-password=‹› bar"),
        ("sh -c 'mysql --password=foo'", "sh -c 'mysql --password=‹›'"),
        ('["--token","abc","x"]', '["--token","‹›","x"]'),
        ("- --password\n- hunter2\n- x", "- --password\n- ‹›\n- x"),
        ("- name: DB_PASSWORD\n  value: hunter2\n- name: X", "- name: DB_PASSWORD\n  value: ‹›\n- name: X"),
        ('{"name":"API_TOKEN","value":"abc"},{}', '{"name":"API_TOKEN","value":"‹›"},{}'),
        ("postgres://u:p@ss@db:5432/x?y=1", "postgres://u:‹›@db:5432/x?y=1"),
        ("redis://:pw@h amqp://a:b@c", "redis://:‹›@h amqp://a:‹›@c"),
        ("https://oauth2:" + "a" * 3000 + "@git/x", "https://oauth2:‹›@git/x"),
        ("Authorization: Basic dXNlcjpwYXNz\nHost: x", "Authorization: Basic ‹›\nHost: x"),
        ("curl -H 'Authorization: Bearer abc' x", "curl -H 'Authorization: Bearer ‹›' x"),
        ("bearer abcdef123, x", "bearer ‹›, x"),
        ("Set-Cookie: sid=abc; Path=/\nnext", "Set-Cookie: ‹›\nnext"),
        ("https://hooks.slack.com/services/T0/B0/xyz x", "https://hooks.slack.com/services/‹› x"),
        (f"a {KEY} b", "a ‹› b"),
        ("a -----BEGIN PRIVATE KEY-----\nMIIE", "a ‹›"),
        ("MIIE\n-----END EC PRIVATE KEY-----\nb", "‹›\nb"),
        (f"client-key-data: {ENCODED['RSA PRIVATE KEY']}\nb", "client-key-data: ‹›\nb"),
        ("\n".join(wrap(ENCODED["EC PRIVATE KEY"][:228], 76)) + "\nnext", "‹›\nnext"),
        ('{"auths":{"r.io":{"auth":"dXNlcjpwYXNz"}}}', '{"auths":{"r.io":{"auth":"‹›"}}}'),
        ('"{\\"auth\\": \\"dXNlcjpwYXM=\\"}"', '"{\\"auth\\": \\"‹›\\"}"'),
        (f"{KEY} a\n{KEY} b", "‹› a\n‹› b"),
    ],
)  # fmt: skip
def test_places_that_hold_secrets(text: str, masked: str) -> None:
    """Assignments in every dress, URLs, headers and private keys lose the secret and nothing else."""
    assert redact(text) == masked.replace("‹›", MASK)
    assert carries_secret(text)
    assert not carries_secret(redact(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "the token expired",
        "invalid token: unexpected end of input",
        "password:",
        "password=''",
        "secretName: db",
        "volumes:\n- secret:\n    secretName: db",
        '{"secret":{"secretName":"db"}}',
        '"{\\"secret\\":{\\"secretName\\":\\"db\\"}}"',
        "secret: {secretName: db}",
        '"secretKeyRef":{"name":"db","key":"password"}',
        "secret: db-credentials",
        "Type: Secret (a volume populated by a Secret)\n  SecretName:  db\n  Optional:  false",
        "kubernetes.io/service-account-token",
        "automountServiceAccountToken: false",
        "tokenExpirationSeconds: 3607",
        "imagePullSecrets:\n- name: regcred",
        "default-token-abcde",
        "refresh-token: CrashLoopBackOff",
        "DB_PASSWORD:  <set to the key 'password' in secret 'db'>  Optional: false",
        "PASSWORD=$(DB_PASSWORD) TOKEN=${TOKEN}",
        "acme/reset-password:1.2",
        "acme/api-token:v1.4.2@sha256:" + "0a" * 32,
        "image: nginx@sha256:" + "0a" * 32,
        "uid: 5d0c4f9e-7f2b-4a53-9d0e-1f3c2b4a5d6e",
        "app=web,tier=front",
        "Secret::new()",
        "bearer authentication failed",
        "Authorization failed for user x",
        "cookie: chocolate",
        "PWD=/home/x",
        "pass: 5, fail: 1",
        "http://a:8080/x?mail=a@b",
        "--token-file /x",
        "-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----",
        *(f"certificate-authority-data: {encoded}" for encoded in PUBLIC.values()),
        '{"auth":"disabled","auths":{}}',
        f"password={MASK} token: {MASK}",
    ],
)
def test_ordinary_words_stay(text: str) -> None:
    """Kubernetes' own words, references, names, images and prose are not masked."""
    assert redact(text) == text
    assert not carries_secret(text)


@given(st.text(max_size=60), st.sampled_from([*TOKENS, KEY]), st.text(max_size=60))
def test_a_planted_token_never_comes_through(before: str, token: str, after: str) -> None:
    """Whatever text surrounds a token of a known form, the token is not in the result."""
    assert token not in redact(before + token + after)


@given(
    st.text(max_size=11),
    st.sampled_from(["password=", "DB_PASSWORD: ", '"client_secret":"', "--password ", "token='", "api_key => "]),
    st.text(WORDS, min_size=12, max_size=40),
    st.sampled_from(["", " ", "\n", '"', "'", ", x", "&y=1", "}", ")"]),
)
def test_a_named_value_never_comes_through(before: str, name: str, value: str, after: str) -> None:
    """Whatever stands before it, the value of a telling name is not in the result."""
    assert value not in redact(f"{before}\n{name}{value}{after}")


PIECES = [
    "password", "token", "secret", "=", ": ", ":", " ", "\n", '"', "'", "\\", "--", "://", "a", "@", "/", ",", "&", "{",
    "}", "|", "name: ", "value: ", "Bearer ", "cookie: ", "x1", MASK, JWT, "-----BEGIN PRIVATE KEY-----",
    "-----END PRIVATE KEY-----", "authorization: basic ", "hooks.slack.com/services/",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_redacting_again_changes_nothing(text: str) -> None:
    """What was redacted is stable, however secrets and their names are mixed."""
    assert redact(redact(text)) == redact(text)


@pytest.mark.parametrize(
    "piece", ["eyJ", "token=", "://", "://a:", '\\"', "token=a,", "--", "password: |\n ", "-----BEGIN", "\t", "a-"]
)
def test_hostile_repetition_is_read_to_its_end(piece: str) -> None:
    """A long text made to slow the search down is redacted; a quadratic search would not end in hours."""
    assert isinstance(redact(piece * 100_000), str)


@pytest.mark.parametrize(
    "name",
    [
        "db_pass",
        "PWD_PASSWD",
        "_pwd",
        "client-secret",
        "Token",
        "credential",
        "api key",
        "to\u212aen",
        "pa\u017f\u017fword",
        "credent\u0131al",
        "CREDENT\u0130ALS",
    ],
)
def test_every_telling_name_is_seen(name: str) -> None:
    """A value is masked after each telling name, also one written with letters that ignoring case takes for others."""
    assert redact(f"{name}=hunter2") == f"{name}={MASK}"


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("AUTHOR\u0130ZATION: Basic {}", "dXNlcjpwdw"),
        ("author\u0131zation: bearer {}", "a1b2c3d4"),
        ("coo\u212aie: {}", "session=a1b2"),
        ("BEARER {}", "a1b2c3d4"),
    ],
)
def test_every_telling_place_is_seen(text: str, secret: str) -> None:
    """Credentials are masked after a header's name, be its letters others that ignoring case takes for them."""
    assert redact(text.format(secret)) == text.format(MASK)


def rich(*texts: str, **style: Any) -> dict[str, Any]:
    """Return preformatted rich text made of several elements."""
    elements = [{"type": "text", "text": text, **style} for text in texts]
    return {"type": "rich_text", "elements": [{"type": "rich_text_preformatted", "elements": elements}]}


def test_every_visible_string_of_a_reply() -> None:
    """Texts, blocks at any depth, the file and the whisper are redacted; the rest of the reply is kept."""
    secret = "password=hunter2"
    section = {
        "type": "section",
        "text": {"type": "mrkdwn", "text": secret},
        "fields": [{"type": "mrkdwn", "text": secret}],
    }
    table = {
        "type": "table",
        "rows": [[{"type": "raw_text", "text": secret}]],
        "column_settings": [{"is_wrapped": True}],
    }
    reply = Reply(secret, (section, table), File("a.log", secret), {"pod/a": "uid"}, Reply(secret))
    shown = f"password={MASK}"
    assert redact_reply(reply) == Reply(
        shown,
        (
            {
                "type": "section",
                "text": {"type": "mrkdwn", "text": shown},
                "fields": [{"type": "mrkdwn", "text": shown}],
            },
            {
                "type": "table",
                "rows": [[{"type": "raw_text", "text": shown}]],
                "column_settings": [{"is_wrapped": True}],
            },
        ),
        File("a.log", shown),
        {"pod/a": "uid"},
        Reply(shown),
    )


def test_what_machines_read_stays() -> None:
    """Signed values, ids and a button's address are kept to the letter; its label is redacted."""
    button = {"type": "button", "action_id": "token=a", "value": f"v1.{JWT}", "url": "https://x/?token=abc"}
    actions = {"type": "actions", "block_id": "token=b", "elements": [button | {"text": {"text": "token=abc"}}]}
    redacted = {**actions, "elements": [button | {"text": {"text": f"token={MASK}"}}]}
    assert redact_reply(Reply("x", (actions,))).blocks == (redacted,)


def test_a_link_is_seen() -> None:
    """The address of a link in rich text is shown, so it is redacted."""
    link = {"type": "link", "url": "https://u:pw@h"}
    assert redact_reply(Reply("x", ({"elements": [link]},))).blocks == (
        {"elements": [{"type": "link", "url": f"https://u:{MASK}@h"}]},
    )


def test_a_secret_over_several_elements() -> None:
    """A secret that runs from one rich text into the next is masked, and elements without one stay apart."""
    split = rich("pass", "word=hun", "ter2 ok", style={"bold": True})
    assert redact_reply(Reply("x", (split,))).blocks == (rich(f"password={MASK} ok", style={"bold": True}),)
    apart = rich("password=a\n", "token=b", "c")
    assert redact_reply(Reply("x", (apart,))).blocks == (rich(f"password={MASK}\ntoken={MASK}"),)
    whole = rich("token=a\n", "fine")
    assert redact_reply(Reply("x", (whole,))).blocks == (rich(f"token={MASK}\n", "fine"),)


def test_elements_between_keep_their_place() -> None:
    """An emoji between two texts keeps them apart."""
    elements = [{"type": "text", "text": "token="}, {"type": "emoji", "name": "x"}, {"type": "text", "text": "abc"}]
    block = {"type": "rich_text_section", "elements": elements}
    assert redact_reply(Reply("x", (block,))).blocks == (block,)
