"""The forward proxy: what it leads to the edge, what it refuses, and what it makes of nonsense."""

import socket
import ssl
import sys

import pytest
from tests.server.conftest import HOST, PATIENCE_S, Client

from badgateway.errors import EnvironmentProblem
from badgateway.server import authority as module
from badgateway.server.authority import Authority
from badgateway.server.tunnel import HEAD_BYTES_MAX


def said(running, data):
    """Send bytes to the proxy, and give all that it says up to its end."""
    with socket.create_connection(("127.0.0.1", running.tunnel.port), PATIENCE_S) as client:
        client.sendall(data)
        heard = b""
        while piece := client.recv(65536):
            heard += piece
    return heard


def test_a_call_for_the_real_host_is_answered_by_the_edge_over_tls(running):
    with Client(running.tunnel.port, running.trusted) as client:
        client.ask("/calm")
        first = client.hear()
        client.ask("/calm")
        second = client.hear()

    assert first[0] == second[0] == 200
    assert len(running.board.asked) == 2


def test_another_host_is_refused_and_told(running):
    heard = said(running, b"CONNECT metrics.example.com:443 HTTP/1.1\r\nHost: metrics.example.com\r\n\r\n")

    assert heard.startswith(b"HTTP/1.1 403 ")
    assert b"metrics.example.com:443 is not simulated" in heard
    assert running.refused == ["metrics.example.com:443"]


def test_plain_http_through_the_proxy_is_refused_too(running):
    heard = said(running, b"GET http://example.com/a HTTP/1.1\r\nHost: example.com\r\n\r\n")

    assert heard.startswith(b"HTTP/1.1 403 ")
    assert running.refused == ["example.com"]


def test_what_is_no_http_is_refused(running):
    assert said(running, b"\x16\x03\x01 no proxy speaks this\r\n\r\n").startswith(b"HTTP/1.1 400 ")


def test_a_head_without_end_is_refused(running):
    endless = b"CONNECT " + HOST.encode() + b":443 HTTP/1.1\r\nX: " + b"x" * (HEAD_BYTES_MAX + 1)

    assert said(running, endless).startswith(b"HTTP/1.1 431 ")


def test_a_head_may_come_in_pieces(running):
    with socket.create_connection(("127.0.0.1", running.tunnel.port), PATIENCE_S) as client:
        for piece in (b"CONN", b"ECT " + HOST.encode(), b":443 HTTP/1.1\r\nHost: a\r\n", b"\r\n"):
            client.sendall(piece)
        assert client.recv(65536).startswith(b"HTTP/1.1 200 ")


def test_who_does_not_trust_the_authority_gets_no_further(running):
    strangers = ssl.create_default_context()

    with pytest.raises(ssl.SSLCertVerificationError):
        Client(running.tunnel.port, strangers)

    assert running.board.asked == []


def test_the_file_of_certificates_holds_those_of_this_machine_too(tmp_path, monkeypatch):
    others = tmp_path / "others.pem"
    others.write_bytes(b"what this machine trusts\n")
    monkeypatch.setenv("SSL_CERT_FILE", str(others))

    written = Authority().write(tmp_path / "new")

    text = (tmp_path / "new" / module.FILE).read_text()
    assert written == str(tmp_path / "new" / module.FILE)
    assert text.startswith("what this machine trusts\n-----BEGIN CERTIFICATE-----")


def test_without_the_package_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "trustme", None)

    with pytest.raises(EnvironmentProblem, match=r"badgateway\[attach\]"):
        Authority()
