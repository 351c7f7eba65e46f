"""Documents of one text that a site splits over several addresses → one Document."""

from collections.abc import Sequence

from platforms.extraction.comparison_form import digest_of
from platforms.extraction.document import Document
from platforms.extraction.markdown import to_markdown


def combine(documents: Sequence[Document]) -> Document:
    """Return one Document of all, in the given order; title and language are those of the first.

    A failure, missed selector or password field of one document is also one of the result: half
    a text must never be compared with all of it.
    """
    first = documents[0]
    blocks = tuple(block for document in documents for block in document.blocks)
    text = to_markdown(blocks)
    return Document(
        text=text,
        blocks=blocks,
        digest=digest_of(text),
        title=first.title,
        language=first.language,
        links=tuple(link for document in documents for link in document.links),
        images=tuple(image for document in documents for image in document.images),
        forms=tuple(form for document in documents for form in document.forms),
        missed_selectors=tuple(
            selector for document in documents for selector in document.missed_selectors
        ),
        canonical_url=first.canonical_url,
        refresh_url=next((d.refresh_url for d in documents if d.refresh_url), ""),
        noindex=any(document.noindex for document in documents),
        has_password_field=any(document.has_password_field for document in documents),
        whole_page_excerpt="\n\n".join(
            document.whole_page_excerpt for document in documents if document.whole_page_excerpt
        ),
        is_script_shell=any(document.is_script_shell for document in documents),
        failure=next((document.failure for document in documents if document.failure), ""),
    )
