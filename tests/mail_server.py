"""A mail server for tests that ends whatever its clients left open."""

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP


class MailServer(Controller):
    """Listens in a thread of its own until it is stopped."""

    protocol = SMTP

    def __init__(self, *arguments, **keywords):
        super().__init__(*arguments, **keywords)
        self.conversations = []

    def factory(self):
        self.conversations.append(self.protocol(self.handler, **self.SMTP_kwargs))
        return self.conversations[-1]

    def cancel_tasks(self, stop_loop=True):
        """Abort connections too: from Python 3.12 on a server waits for them before it ends."""
        for conversation in self.conversations:
            if conversation.transport is not None:
                conversation.transport.abort()
        super().cancel_tasks(stop_loop)
