"""The text that `init` writes is true: it is read without a problem, and it shows every key there is."""

import re

import pytest

from badgateway.integration.fields import SECTIONS
from badgateway.integration.model import OPERATIONS, VIEW_STATUSES
from badgateway.integration.read import read_description
from badgateway.integration.starter import starter_text
from badgateway.integration.template import ORDER_NAMES, START_NAMES


def with_all_choices(text):
    """Take the comment sign away from every line that is a choice."""
    return re.sub(r"(?m)^( *)# (( *)[a-z_]+:( .*)?)$", r"\1\2", text)


@pytest.mark.parametrize("change", [str, with_all_choices], ids=["as written", "with all choices"])
def test_the_starter_is_read(tmp_path, change):
    path = tmp_path / "badgateway.yaml"
    path.write_text(change(starter_text()), encoding="utf-8")

    description = read_description(path)

    assert description.name == "my-integration"
    assert set(description.statuses.values()) == set(VIEW_STATUSES)


def test_with_all_choices_every_operation_and_declaration_is_there(tmp_path):
    path = tmp_path / "badgateway.yaml"
    path.write_text(with_all_choices(starter_text()), encoding="utf-8")

    description = read_description(path)

    assert set(description.operations) == set(OPERATIONS)
    assert description.view.refs
    assert description.declares.once == ("shipped",)
    assert description.allowed_hosts == ("payments.test",)


@pytest.mark.parametrize("key", sorted({key.name for section in SECTIONS for key in section.keys}))
def test_every_declared_key_is_shown(key):
    assert re.search(rf"\b{key}:", starter_text())


@pytest.mark.parametrize("name", [*START_NAMES, *ORDER_NAMES])
def test_every_template_name_is_shown(name):
    assert f"{{{name}}}" in starter_text()


def test_lines_fit_the_page():
    assert max(map(len, starter_text().splitlines())) <= 110
