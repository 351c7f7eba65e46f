"""A text that a site splits over several addresses becomes one Document."""

from platforms.extraction import combine, digest_of, extract


def read(page, **rules):
    return extract(page.encode(), url="https://example.org/", **rules)


def test_documents_are_joined_in_order():
    whole = combine(
        [
            read("<title>Part 1</title><main><h1>One</h1><a href='/a'>A</a></main>"),
            read(
                "<title>Part 2</title><main><ul><li>Two</li></ul><a href='/b'>B</a>"
                "<form action='/optout'></form></main>"
            ),
        ]
    )
    assert whole.text == "# One\n\nA\n\n- Two\n\nB"
    assert whole.digest == digest_of(whole.text)
    assert whole.title == "Part 1"
    assert [link.text for link in whole.links] == ["A", "B"]
    assert [form.target for form in whole.forms] == ["https://example.org/optout"]


def test_a_failure_of_one_part_is_a_failure_of_the_whole():
    good = read("<main>Words</main>")
    login = read("<form action='/login'><input type=password></form>", select=["main"])
    damaged = extract(b"%PDF-junk", url="https://example.org/", content_type="application/pdf")
    whole = combine([good, login, damaged])
    assert whole.has_password_field
    assert whole.missed_selectors == ("main",)
    assert whole.failure == "damaged PDF"


def test_a_single_document_stays_as_it_is():
    document = read("<main><h1>One</h1><p>Two</p></main>")
    assert combine([document]) == document
