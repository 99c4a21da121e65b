"""Who sends a request."""

from tests.demo.cluster.bench import PODS, Bench

_WHO = "/apis/authentication.k8s.io/v1/selfsubjectreviews"


def test_an_unknown_token(bench: Bench) -> None:
    """A token that nobody has is answered with 401."""
    assert bench.says("GET", PODS, by="junk") == (401, "Unauthorized")
    assert bench.simulation.audit[-1].user == ""
    assert not bench.simulation.audit[-1].allowed


def test_no_token(bench: Bench) -> None:
    """Without a bearer token everyone is the anonymous user, who may do nothing."""
    for headers in ({}, {"Authorization": "Basic x"}):
        code, message = bench.says("GET", PODS, by="", headers=headers)
        assert (code, message.startswith('pods is forbidden: User "system:anonymous"')) == (403, True)


def test_who_an_account_is(bench: Bench) -> None:
    """A ServiceAccount is known by its user and its groups."""
    user = bench.ask("POST", _WHO, {}, by="bot").json()["status"]["userInfo"]
    groups = ["system:serviceaccounts", "system:serviceaccounts:bots", "system:authenticated"]
    assert user == {"username": "system:serviceaccount:bots:podbot", "groups": groups}


def test_a_token_of_an_account(bench: Bench) -> None:
    """A token that was asked for signs its ServiceAccount in."""
    path = "/api/v1/namespaces/shop/serviceaccounts/default/token"
    token = bench.create(path, {"spec": {}})["status"]["token"]
    user = bench.ask("POST", _WHO, {}, by=token).json()["status"]["userInfo"]
    assert user["username"] == "system:serviceaccount:shop:default"
