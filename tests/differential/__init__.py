"""The same question to kubectl and to podbot, about the same objects, as the same person: equal in content."""

import pytest

pytest.register_assert_rewrite("tests.differential.sides")  # it compares for the tests, and should say what differs
