"""A letter of objection for readers who cannot find the steps of a guide."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from django.utils.translation import gettext_lazy as _

from consent.ledger.catalog_words import translated
from consent.models import Control
from consent.vocabulary import People, Refuse
from platforms.models import Platform

_TO_WHOM = _("To the people in charge of privacy at %(operator)s")
#: The subject, then the paragraphs.
_OF_ONESELF = (
    _("Objection to the use of my data for AI training: %(platform)s"),
    _TO_WHOM,
    _(
        "I object to the use of my personal data on %(platform)s for training or improving AI."
        " Please stop it for my account, and write to me when that is done."
    ),
    _(
        "Where the law of the EU, the EEA or the UK applies, this is an objection under"
        " Article 21 of the GDPR and a request to erase what you keep of me for training"
        " (Article 17), to be answered within one month (Article 12)."
    ),
    _("My account:"),
)
_OF_CHILD = (
    _("Objection to the use of my child's data for AI training: %(platform)s"),
    _TO_WHOM,
    _(
        "As a parent, I object to the use of my child's personal data on %(platform)s for"
        " training or improving AI. Please stop it for my child's account, and write to me when"
        " that is done."
    ),
    _(
        "Where the law of the EU, the EEA or the UK applies, this is an objection under"
        " Article 21 of the GDPR and a request to erase what you keep of my child for training"
        " (Article 17), to be answered within one month (Article 12)."
    ),
    _("My child's account:"),
)


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter and where it can be sent: by mail, through a form, by post; "" where not known.

    source: the page that names the address, or an archived version of it.
    """

    subject: str
    body: str
    email: str = ""
    form: str = ""
    post: str = ""
    source: str = ""

    @property
    def mailto(self) -> str:
        """An address that opens the reader's own mail program."""
        return mail_address(self.subject, self.body, self.email)


def mail_address(subject: str, body: str, to: str = "") -> str:
    """Return an address that opens the reader's own mail program.

    Source: RFC 6068, section 5: line breaks in a body are written %0D%0A.
    """
    lines = quote(body.replace("\n", "\r\n"), safe="")
    return f"mailto:{quote(to, safe='@')}?subject={quote(subject, safe='')}&body={lines}"


def letter_to(platform: Platform, controls: Iterable[Control] = ()) -> Letter:
    """Return the letter to a platform.

    controls: a way out by writing has its own address, which comes before the platform's, and the
    subject and details that the platform asks for. What is offered for minors alone, a parent sets:
    the letter is then about the account of a child.
    """
    controls = list(controls)
    is_of_child = bool(controls) and all(map(_is_for_minors_alone, controls))
    lines = _OF_CHILD if is_of_child else _OF_ONESELF
    names = {"operator": platform.company, "platform": platform.name}
    writing = next((each for each in controls if each.refuse == Refuse.WRITE and each.to), None)
    named = writing.to if writing else ""
    details = [f"{translated(detail)}:" for detail in (writing.must_name if writing else ())]
    contact = {
        "email": platform.contact_email,
        "form": platform.contact_form,
        "post": platform.contact_post,
    }
    subject, *body = (str(line) % names for line in lines)
    return Letter(
        subject=(writing.subject if writing else "") or subject,
        body="\n\n".join([*body, *details]),
        **contact | ({_kind(named): named} if named else {}),
        source="" if named else platform.contact_source,
    )


def _is_for_minors_alone(control: Control) -> bool:
    offers = control.offers.all()
    return bool(offers) and all(offer.people == [People.MINORS] for offer in offers)


def _kind(address: str) -> str:
    if address.startswith(("http://", "https://")):
        return "form"
    return "email" if "@" in address and " " not in address else "post"
