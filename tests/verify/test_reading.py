"""The list of fields that an integration reads."""

import pytest

from badgateway.errors import InputError
from badgateway.verify.reading import read_reading


def test_fields_are_read_by_operation_and_for_all(tmp_path):
    path = tmp_path / "fields.yaml"
    path.write_text('POST /v1/refunds: [id, charge.id]\n"*": [status]\nGET /x: [y]\n', encoding="utf-8")

    reading = read_reading(path)

    assert reading.of("POST /v1/refunds") == {("id",), ("charge", "id"), ("status",)}
    assert reading.of("webhook refund.created") == {("status",)}
    assert reading.unread() == ("GET /x",)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("POST /v1/refunds: id", "has no list of names"),
        ("[]", "names no operation"),
        (None, "cannot be read"),
    ],
)
def test_what_is_no_such_list_is_refused(tmp_path, text, why):
    path = tmp_path / "fields.yaml"
    if text is not None:
        path.write_text(text, encoding="utf-8")

    with pytest.raises(InputError, match=why):
        read_reading(path)
