"""Forms as values: what a person has typed stays when the form becomes another."""

from bot.core.forms import Field, Form, FormWrongError, Input, block_id, carried, field_name


def form(*fields: Field, line: str = "create it") -> Form:
    """Return a form with these fields."""
    return Form("A form", line, fields)


def test_what_was_typed_stays_and_what_stood_there_does_not() -> None:
    """A typed value goes into the field of its name; one that was there at first gives way to the new field's own."""
    before = form(Field("name", "Name"), Field("image", "image", value="nginx"), Field("port", "port", value="80"))
    after = form(Field("name", "Name"), Field("image", "image", value="busybox"), Field("every", "every", value="5"))
    values = {"name": "web", "image": "nginx", "port": "81"}
    assert [one.value for one in carried(after, before, values).fields] == ["web", "busybox", "5"]


def test_a_choice_stays_where_it_can_be_chosen() -> None:
    """A choice that the other form has not, and the choice that made it another form, are not carried over."""
    size = Field("size", "size", Input.CHOICE, value="s", choices=("s", "m"))
    kind = Field("kind", "Kind", Input.CHOICE, value="a", choices=("a", "b"), changes_form=True)
    other = Field("kind", "Kind", Input.CHOICE, value="b", choices=("a", "b"), changes_form=True)
    assert [one.value for one in carried(form(other, size), form(kind, size), {"kind": "x", "size": "m"}).fields] == [
        "b",
        "m",
    ]
    assert carried(form(size), form(Field("size", "size")), {"size": "xl"}).fields == (size,)


def test_an_emptied_field_stays_empty() -> None:
    """A field that somebody has emptied is not filled again."""
    field = Field("image", "image", value="nginx")
    assert carried(form(field), form(field), {"image": ""}).fields[0].value == ""


def test_fields_of_two_forms_are_two_blocks() -> None:
    """The id of a block gives back its field's name, and differs from form to form, so that Slack mixes nothing up."""
    first, second = (
        block_id("parameter/image", form(line="create a")),
        block_id("parameter/image", form(line="create b")),
    )
    assert first != second
    assert field_name(first) == field_name(second) == "parameter/image"
    assert field_name("b7") == ""


def test_a_wrong_form_says_all_of_it() -> None:
    """The error of a form names each field, and reads as one text in a log."""
    wrong = FormWrongError({"name": "bad", "ttl": "worse"})
    assert (dict(wrong.errors), str(wrong)) == ({"name": "bad", "ttl": "worse"}, "bad; worse")
