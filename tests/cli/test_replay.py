"""A journal played again."""


def test_a_journal_is_played_again_from_itself_alone(badgateway, folder):
    badgateway("run", "scenarios/retries/lost_answer.yaml", "--case", "2", "--report", "ndjson")
    (journal,) = (folder / "badgateway-report" / "journals").iterdir()

    result = badgateway("replay", str(journal))

    assert result.exit_code == 0, result.output
    assert "held     scenarios/retries/lost_answer.yaml" in result.stdout
    assert "the replay took the same way as the journal" in result.stderr


def test_another_integration_takes_another_way(badgateway, folder):
    badgateway("run", "scenarios/retries/lost_answer.yaml", "--case", "1", "--report", "ndjson")
    (journal,) = (folder / "badgateway-report" / "journals").iterdir()

    result = badgateway("replay", str(journal), "--defect", "retry-new-key")

    assert result.exit_code == 1, result.output
    assert "the replay took another way" in result.stderr


def test_a_damaged_journal_is_bad_input_with_its_line(badgateway, folder):
    (folder / "journal.ndjson").write_text('{"seq": 1}\n')

    result = badgateway("replay", "journal.ndjson")

    assert result.exit_code == 2
    assert result.stderr.startswith("journal.ndjson:1:1: ")


def test_a_journal_that_is_not_there_is_bad_input(badgateway):
    result = badgateway("replay", "nothing.ndjson")

    assert result.exit_code == 2
    assert "nothing.ndjson" in result.stderr
