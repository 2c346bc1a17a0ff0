"""K1 over small journals."""

LAW = "contract_kept"


def watched(begun, *broken, requests=1):
    """Write what the watch says when the play is over: a problem for each (party, about, call)."""
    for party, about, call in broken:
        begun.journal.write(
            "contract.broken",
            "o1",
            document="stripe.openapi.yaml",
            party=party,
            about=about,
            where="POST /v1/refunds",
            problem="'amuont' was unexpected",
            call=call,
        )
    begun.journal.write(
        "contract.watched",
        document="stripe.openapi.yaml",
        requests=requests,
        replies=requests,
        webhooks=0,
        exempt=0,
        undescribed=0,
        left_out=0,
    )
    return begun


def test_requests_that_the_document_allows_hold_the_law_and_are_counted(story):
    opinion = watched(story(), requests=3).judge(LAW)

    assert (opinion.antecedents, opinion.breaches) == (3, ())


def test_a_request_that_the_document_does_not_allow_breaks_it_with_the_call_as_proof(story):
    begun = story()
    call, _ = begun.arrive("refund")

    (breach,) = watched(begun, ("integration", "request", call)).judge(LAW).breaches

    assert breach.order == "o1"
    assert breach.sentence == (
        "POST /v1/refunds was asked with what it does not allow: 'amuont' was unexpected"
    )
    kinds = [begun.entries[seq - 1].kind for seq in breach.proof]
    assert kinds == ["call.arrived", "contract.broken"]


def test_what_the_simulator_breaks_is_not_the_integrations(story):
    begun = watched(story(), ("provider", "reply", "call1"), ("provider", "webhook", None))

    assert begun.judge(LAW).breaches == ()


def test_without_a_document_nothing_is_put_to_the_test(story):
    assert story().judge(LAW).antecedents == 0
