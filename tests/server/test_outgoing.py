"""Head and body of an answer leave as one piece; nothing is kept beyond a turn of the loop."""

from badgateway.server.outgoing import Outgoing

HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n"


class Wire:
    """A transport that writes down what is done to it."""

    def __init__(self):
        self.done = []

    def write(self, data):
        self.done.append(bytes(data))

    def close(self):
        self.done.append("close")

    def abort(self):
        self.done.append("abort")

    def is_closing(self):
        return False

    def get_extra_info(self, name):
        return f"the {name}"


class Loop:
    """A loop that turns when it is told to."""

    def __init__(self):
        self.soon = []

    def call_soon(self, callback):
        self.soon.append(callback)


def outgoing():
    wire, loop = Wire(), Loop()
    return Outgoing(wire, loop), wire, loop


def test_a_head_goes_with_the_body_that_follows():
    out, wire, loop = outgoing()

    out.write(HEAD)
    out.write(b"ok")
    loop.soon[0]()

    assert wire.done == [HEAD + b"ok"]


def test_a_head_without_a_body_leaves_when_the_loop_turns():
    out, wire, loop = outgoing()

    out.write(HEAD)
    assert wire.done == []
    loop.soon[0]()

    assert wire.done == [HEAD]


def test_an_interim_answer_leaves_at_once_and_so_do_later_pieces():
    out, wire, _ = outgoing()

    out.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    out.write(b"piece")

    assert wire.done == [b"HTTP/1.1 100 Continue\r\n\r\n", b"piece"]


def test_a_head_is_out_before_the_connection_is_closed_or_torn_down():
    closed, torn = outgoing(), outgoing()

    closed[0].write(HEAD)
    closed[0].close()
    torn[0].write(HEAD)
    torn[0].abort()

    assert closed[1].done == [HEAD, "close"]
    assert torn[1].done == [HEAD, "abort"]


def test_all_else_is_asked_of_the_transport_itself():
    out, _, _ = outgoing()

    assert out.get_extra_info("socket") == "the socket"
    assert out.is_closing() is False
