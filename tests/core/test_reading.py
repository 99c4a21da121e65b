"""Reading raw JSON that breaks the API's promises."""

from bot.core import reading


def test_gives_the_value_of_the_right_type() -> None:
    """A value of the promised type comes back as it is."""
    assert reading.mapping({"a": 1}) == {"a": 1}
    assert reading.objects([{"a": 1}, None, "b"]) == ({"a": 1},)
    assert reading.text("a") == "a"
    assert reading.texts(["a", 1, None]) == ("a",)
    assert reading.number(3) == 3
    assert reading.strings({"a": "b", "c": None}) == {"a": "b"}


def test_gives_nothing_for_null_and_for_another_type() -> None:
    """Null and any other type read as empty."""
    for value in (None, 1.5, object()):
        assert reading.mapping(value) == {}
        assert reading.objects(value) == ()
        assert reading.text(value) == ""
        assert reading.texts(value) == ()
        assert reading.number(value) == 0
        assert reading.strings(value) == {}
    assert reading.number(value=True) == 0
