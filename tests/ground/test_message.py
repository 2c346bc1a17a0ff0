"""A header is found by its name, whatever the case of either."""

from hypothesis import example, given
from hypothesis import strategies as some

from badgateway.ground.message import find_header

# Letters whose lower case is longer, is ASCII though they are not, or is a letter of its own.
LETTERS = "aAkKsS-é\u0130\u212a\u1e9e\u00df"
NAMES = some.text(LETTERS, min_size=1, max_size=4)


@given(some.lists(some.tuples(NAMES, some.text(max_size=2)), max_size=6), some.text("aAkKsS-", max_size=4))
@example([("\u0130", "1"), ("\u212a", "2")], "k")
def test_it_is_the_first_one_whose_name_is_the_same_in_lower_case(headers, name):
    wanted = next((value for key, value in headers if key.lower() == name.lower()), None)

    assert wanted == find_header(tuple(headers), name)
