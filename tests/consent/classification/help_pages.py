"""A help page like the one X has for Grok, in five versions written for these tests."""

HEAD = """About Grok
==========

Grok is a conversational assistant for people on X.

## Using Grok

Open the Grok tab and type a question. Answers can be wrong, so check what matters.

"""

TAIL = """

## Contact

Questions? Visit our Help Center or contact us through the app.
"""

NO_MENTION = HEAD + "Grok may use AI to summarise posts that you can already see." + TAIL

INTRODUCED = (
    HEAD
    + "Grok may use AI to summarise posts that you can already see.\n\n"
    + "## Your data and Grok\n\n"
    + "To continuously improve your experience, we use your public posts to train and fine-tune "
    + "Grok. This setting is on by default.\n\n"
    + "You can opt out of having your posts used to train Grok: go to Settings & Privacy, then "
    + "Privacy & Safety, then Grok, and uncheck "
    + '"Allow your posts to be used for training".\n'
    + TAIL
)

REWORDED = INTRODUCED.replace(
    "To continuously improve your experience, we", "In order to keep improving your experience, we"
)

OPT_OUT_MOVED = REWORDED.replace(
    "go to Settings & Privacy, then Privacy & Safety, then Grok, and uncheck "
    '"Allow your posts to be used for training".',
    "go to Settings & Privacy, then Privacy & Safety, then Data sharing and personalization, "
    'then Grok and third-party collaborators, and turn off "Training and fine-tuning".',
)

OFF_IN_THE_EU = OPT_OUT_MOVED.replace(
    "This setting is on by default.",
    "This setting is on by default. For people in the European Union, the setting is off by "
    "default, and posts are left alone unless they turn it on.",
)

VERSIONS = (NO_MENTION, INTRODUCED, REWORDED, OPT_OUT_MOVED, OFF_IN_THE_EU)
