"""Markup that escapes whatever it is given."""

from badgateway.report.html_markup import Html, element, escape, join, link, table


def test_text_becomes_text_and_markup_stays_markup():
    made = element("p", "a < b & c", element("b", '"quoted"'))

    assert made == "<p>a &lt; b &amp; c<b>&quot;quoted&quot;</b></p>"


def test_an_attribute_cannot_be_closed_from_inside():
    made = element("p", title='" onclick="steal()')

    assert made == '<p title="&quot; onclick=&quot;steal()"></p>'


def test_markup_in_an_attribute_is_escaped_all_the_same():
    assert element("p", title=Html('"><script>')) == '<p title="&quot;&gt;&lt;script&gt;"></p>'


def test_attributes_take_their_names_from_words_that_python_allows():
    made = element("th", class_="a", aria_label="b", hidden=True, open=False, lang=None)

    assert made == '<th class="a" aria-label="b" hidden></th>'


def test_elements_that_hold_nothing_have_no_end():
    assert element("input", type="radio", name="show") == '<input type="radio" name="show">'


def test_control_characters_and_half_pairs_are_left_out():
    assert escape("a\x00\x1b[31mb\ud800c") == "a[31mbc"


def test_joining_escapes_the_parts():
    assert join(["<", element("i")], " ") == "&lt; <i></i>"


def test_links_lead_only_into_the_page():
    assert link("case-1", "javascript:alert(1)") == '<a href="#case-1">javascript:alert(1)</a>'


def test_a_table_names_its_columns():
    made = table(("one",), [element("tr", element("td", 1))])

    assert made == (
        '<table><thead><tr><th scope="col">one</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>'
    )
