"""Prometheus' text format is read as its own library writes it."""

import pytest
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from badgateway.integration.exposition import read_samples, read_series


def test_what_the_official_library_writes_is_read():
    registry = CollectorRegistry()
    payments = Counter("payments", "of all kinds", ["result", "text"], registry=registry)
    payments.labels("succeeded", 'a "quoted", {odd} \\ text\nof two lines').inc(3)
    payments.labels("declined", "").inc()
    Gauge("apart", "minor units", registry=registry).set(-2.5)
    Histogram("lag_seconds", "of webhooks", registry=registry).observe(0.2)

    samples = read_samples(generate_latest(registry).decode())

    assert read_series("payments_total").total(samples) == 4
    assert read_series('payments_total{result="succeeded"}').total(samples) == 3
    assert read_series("apart").total(samples) == -2.5
    assert read_series("lag_seconds_count").total(samples) == 1
    assert read_series('lag_seconds_bucket{le="0.25"}').total(samples) == 1
    assert ("text", 'a "quoted", {odd} \\ text\nof two lines') in samples[0].labels


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("up 1", 1),
        ("up{} 1", 1),
        ("up 1 1700000000000", 1),
        ("up 1e3", 1000),
        ('up{a="b",} 1', 1),
        ("  up   7  ", 7),
        ('up{a="}"} 2', 2),
    ],
)
def test_each_way_to_write_a_sample(line, value):
    assert read_series("up").total(read_samples(f"# HELP up x\n\n{line}\n")) == value


@pytest.mark.parametrize("line", ["up NaN", "up +Inf", "# up 1"])
def test_what_is_no_number_counts_nothing(line):
    assert read_samples(line) == ()


def test_a_counter_that_has_not_counted_yet_is_nought():
    assert read_series('payments_total{result="declined"}').total(read_samples("up 1")) == 0


@pytest.mark.parametrize("text", ["up", "up one", "<html>", "up{a=b} 1", '{"up": 1}'])
def test_a_page_that_is_none_is_told_with_its_line(text):
    with pytest.raises(ValueError, match=r"line 2|labels"):
        read_samples(f"ok 1\n{text}\n")


@pytest.mark.parametrize("text", ["", "1up", "up{", "up{a=1}", "sum(up)", "up + up"])
def test_a_series_that_names_no_metric_is_refused(text):
    with pytest.raises(ValueError, match=r"metric|labels"):
        read_series(text)
