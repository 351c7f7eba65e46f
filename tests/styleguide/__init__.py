"""The style guide: every part that pages are made of, in every state, with made-up records."""
