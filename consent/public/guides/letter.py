"""A letter of objection for readers who cannot find the steps of a guide."""

from dataclasses import dataclass
from urllib.parse import quote

from django.utils.translation import gettext as _

from platforms.models import Platform


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    body: str

    @property
    def mailto(self) -> str:
        """An address that opens the reader's own mail program, with nobody to send to yet.

        Source: RFC 6068, section 5: line breaks in a body are written %0D%0A.
        """
        body = quote(self.body.replace("\n", "\r\n"), safe="")
        return f"mailto:?subject={quote(self.subject, safe='')}&body={body}"


def letter_to(platform: Platform) -> Letter:
    lines = [
        _("To the people in charge of privacy at %(operator)s"),
        _(
            "I object to the use of my personal data on %(platform)s for training or improving AI."
            " Please stop it for my account, and write to me when that is done."
        ),
        _(
            "Where the law of the EU, the EEA or the UK applies, this is an objection under"
            " Article 21 of the GDPR, to be answered within one month (Article 12)."
        ),
        _("My account:"),
    ]
    names = {"operator": platform.operator, "platform": platform.name}
    return Letter(
        subject=_("Objection to the use of my data for AI training: %(platform)s") % names,
        body="\n\n".join(line % names for line in lines),
    )
