"""What badgateway.yaml was understood to say."""

from pathlib import Path

import badgateway as package

REFERENCE = Path(package.__file__).parent / "reference" / "badgateway.yaml"


def test_the_reference_is_well(badgateway):
    result = badgateway("doctor", "--config", "reference")

    assert result.exit_code == 0, result.output
    assert "fail" not in result.stdout


def test_a_path_that_finds_nothing_is_a_problem(badgateway, folder):
    (folder / "badgateway.yaml").write_text(
        REFERENCE.read_text().replace("status: $.status", "status: $.stutas")
    )

    result = badgateway("doctor")

    assert result.exit_code == 3, result.output
    assert "fail  view" in result.stdout
