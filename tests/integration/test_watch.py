"""What an integration says is looked through before it is redacted, and each find is told once."""

import asyncio

import pytest

from badgateway.ground.canary import CARD, HOST, SECRET, Canary, card_number
from badgateway.integration.logs import LogTail
from badgateway.integration.watch import OUTBOUND, Watch

NUMBER = card_number("watch")
CARD_CANARY = Canary("card number", CARD, NUMBER)


@pytest.fixture
def told():
    return []


@pytest.fixture
def watch(told):
    made = Watch()
    made.plant(CARD_CANARY, lambda canary, place, form: told.append((canary.label, place, form)))
    return made


def test_a_find_is_told_once_for_each_place_and_form(watch, told):
    for place, said in [("log", NUMBER), ("log", NUMBER), ("view", NUMBER), ("log", "-".join(NUMBER))]:
        watch.look(place, said.encode())

    assert told == [
        ("card number", "log", "plain"),
        ("card number", "view", "plain"),
        ("card number", "log", "split"),
    ]


def test_what_is_pulled_is_looked_for_no_more(told):
    watch = Watch()
    planted = watch.plant(CARD_CANARY, lambda *_: told.append("found"))

    watch.pull(planted)

    assert not watch.look("log", NUMBER)
    assert told == []


def test_two_plays_at_once_are_each_told_of_what_is_of_both(told):
    """One running integration has one key, whatever story is played on it."""
    watch, key = Watch(), Canary("API key", SECRET, "sk_test_of_both")
    for play in ("first", "second"):
        watch.plant(key, lambda *_, play=play: told.append(play))

    watch.look("log", "authorised with sk_test_of_both")

    assert told == ["first", "second"]


def test_what_is_known_to_be_of_one_play_is_told_to_no_other(told):
    watch, key = Watch(), Canary("API key", SECRET, "sk_test_of_both")
    plays = [object(), object()]
    for n, play in enumerate(plays, 1):
        watch.plant(key, lambda *_, n=n: told.append(n), play)

    watch.look("URL", "/mail?key=sk_test_of_both", plays[1])

    assert told == [2]


def test_to_name_the_trap_is_no_harm_and_to_ask_it_is(told):
    watch = Watch()
    watch.plant(Canary("trap address", HOST, "/trap/1"), lambda _, place, __: told.append(place))

    for place in ("log", "answer", OUTBOUND):
        watch.look(place, "http://127.0.0.1/trap/1")

    assert told == [OUTBOUND]


def test_log_files_are_read_on_from_where_they_were_left(watch, told, tmp_path):
    log = tmp_path / "app.log"
    log.write_text("a quiet line\n")
    watch.look_into((log, tmp_path / "never-written.log"))
    with log.open("a") as file:
        file.write(f"paying with {NUMBER}\n")

    watch.look_into((log,))

    assert told == [("card number", "log", "plain")]


def test_a_log_that_was_rotated_is_read_from_its_beginning(watch, told, tmp_path):
    log = tmp_path / "app.log"
    log.write_text("a long line " * 20)
    watch.look_into((log,))
    log.write_text(f"{NUMBER}\n")

    watch.look_into((log,))

    assert told == [("card number", "log", "plain")]


def test_what_the_process_writes_is_looked_at_first_and_kept_without_it(watch, told, tmp_path):
    tail = LogTail(tmp_path / "out.log", (), lambda line: watch.look("log", line))

    async def story():
        stream = asyncio.StreamReader()
        stream.feed_data(f"plain {NUMBER}\nsplit {'_'.join(NUMBER)}\nquiet\n".encode())
        stream.feed_eof()
        await tail.drain(stream)

    asyncio.run(story())

    assert [form for _, _, form in told] == ["plain", "split"]
    assert tail.text().splitlines() == ["[a line with a canary in it]"] * 2 + ["quiet"]
    assert NUMBER not in (tmp_path / "out.log").read_text()
