"""What an integration's configuration may name of a provider."""

import pytest

from badgateway.integration.template import OWN_SETTINGS, SETTINGS
from badgateway.providers import DIALECTS
from badgateway.providers.shipped import SHIPPED


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_badgateway_yaml_may_name_every_setting_of(dialect):
    told = dialect.settings("http://127.0.0.1:1", "sk_test_1", "whsec_1")

    assert set(told) == {*SETTINGS, *OWN_SETTINGS.get(dialect.name, ())}


@pytest.mark.parametrize("dialect", SHIPPED, ids=lambda dialect: dialect.name)
def test_a_file_is_called_as_its_provider(dialect):
    assert dialect.path.name == f"{dialect.spec.name}.provider.yaml"
    assert dialect.spec.left_out
