"""H1 over small journals."""

LAW = "hygiene"


def planted(story, kind="card", mark="m1"):
    made = story().paid()
    made.journal.write("run.canary", canary="card number", kind=kind, mark=mark, door="card")
    return made


def seen(made, place="log", form="plain", mark="m1"):
    made.journal.write("canary.seen", canary="card number", mark=mark, place=place, form=form)
    return made


def test_it_holds_where_a_canary_was_let_in_and_never_came_out(story):
    assert planted(story).state(LAW) == "held"


def test_it_breaks_where_one_came_out_with_both_entries_as_proof(story):
    bad = seen(planted(story))

    (breach,) = bad.judge(LAW).breaches

    assert breach.sentence == "the card number stands in the integration's log"
    assert [bad.entries[seq - 1].kind for seq in breach.proof] == ["run.canary", "canary.seen"]


def test_another_form_is_named(story):
    (breach,) = seen(planted(story), "answer", "base64").judge(LAW).breaches

    assert breach.sentence == "the card number stands in the integration's answer (base64)"


def test_each_place_is_told_once(story):
    bad = seen(seen(seen(planted(story)), form="split"), "URL")

    assert len(bad.judge(LAW).breaches) == 2


def test_whoever_asked_the_trap_believed_a_stranger(story):
    (breach,) = seen(planted(story, kind="host"), "outbound request").judge(LAW).breaches

    assert breach.sentence == "an address that only a forged webhook names was asked by the integration"


def test_without_a_canary_it_is_vacuous(story):
    assert story().paid().state(LAW) == "vacuous"


def test_it_counts_the_canaries_that_were_let_in(story):
    made = planted(story)
    made.journal.write("run.canary", canary="API key", kind="secret", mark="m2", door="secret")

    assert made.judge(LAW).antecedents == 2
