import pytest

from consent.classification import Statement, read_statements


def only(text: str) -> Statement:
    statements = read_statements(text)
    assert len(statements) == 1
    return statements[0]


def test_a_use_is_read_with_who_does_what_with_which_data():
    statement = only("We may use your public posts and chats to train Grok.")

    assert (statement.kind, statement.actor, statement.action) == ("use", "service", "train")
    assert statement.stance == "may"
    assert statement.data == ("public-posts", "chats")
    assert statement.model == "Grok"
    assert (statement.control, statement.default) == ("none", "unstated")


def test_a_statement_quotes_the_page_and_knows_where_it_stands():
    page = "# Privacy\n\n## How we use data\n\nHello. We use **your posts** to train AI. Bye.\n"

    statement = only(page)

    assert page[statement.start : statement.end] == statement.quote
    assert statement.words == "We use your posts to train AI."
    assert statement.place == "Privacy › How we use data"


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("We use your messages to train our models.", "does"),
        ("Your photos may be used to train our AI.", "may"),
        ("We do not use your files to train our models.", "does-not"),
        ("We will not train our models on your data.", "will-not"),
        ("None of your prompts are used to train our models.", "does-not"),
        ("Provider shall not use Customer Data to train any AI models.", "will-not"),
        ("Under no circumstances will your data be used to train our models.", "does-not"),
        ("Our AI providers are prohibited from using your data to train their models.", "will-not"),
    ],
)
def test_a_stance_is_told(text: str, stance: str):
    assert only(text).stance == stance


def test_not_wanting_a_use_is_no_promise_against_it():
    statement = only("If you do not want us to use your chats to train our models, opt out.")

    assert not statement.denies
    assert statement.control == "opt-out"


@pytest.mark.parametrize(
    ("text", "control", "route"),
    [
        ("You can opt out of AI training on your posts in your settings.", "opt-out", "switch"),
        (
            "To opt out of model training on your data, fill in the opt-out form.",
            "opt-out",
            "form",
        ),
        (
            "You may object to the use of your data for AI training by writing to ai@example.org.",
            "objection",
            "email",
        ),
    ],
)
def test_a_control_is_read_with_its_route(text: str, control: str, route: str):
    statement = only(text)

    assert (statement.kind, statement.control, statement.route) == ("control", control, route)


def test_a_control_without_training_words_counts_beside_the_use_it_is_over():
    page = "We use your chats to train our models. You can turn this off under Data controls."

    use, control = read_statements(page + " Turn it off for this training at any time.")[:2]

    assert use.kind == "use"
    assert (control.kind, control.control) == ("control", "opt-out")


@pytest.mark.parametrize(
    ("text", "default"),
    [
        ("We use your data to train AI unless you opt out.", "on"),
        ("We will not use your data to train AI without your consent.", "off"),
        ("We do not use your data to train AI unless you turn it on.", "off"),
        ("We do not use your data to train AI until you switch on the setting.", "off"),
        ("We use your data to train AI unless you turn training on your data off.", "on"),
        ("We use your data to train AI.", "unstated"),
    ],
)
def test_the_default_is_told(text: str, default: str):
    assert only(text).default == default


@pytest.mark.parametrize(
    "text",
    [
        "If you live in the UK, the setting is off by default, and we do not use your chats to"
        " train AI unless you turn it on.",
        "By default, we do not use your data to train our models; you can change this in settings.",
        "In the EU we do not use your posts to train AI models unless you turn this setting on.",
    ],
)
def test_a_use_that_is_off_until_people_act_waits_for_consent_and_is_no_opt_out(text: str):
    statement = only(text)

    assert (statement.default, statement.control) == ("off", "consent")


@pytest.mark.parametrize(
    ("text", "actor"),
    [
        ("Our partners may use your data to train their AI models.", "partners"),
        ("Our affiliates may use your posts to train their AI models.", "affiliates"),
        ("We share your data with third parties who may train AI models on it.", "third-parties"),
    ],
)
def test_others_who_train_are_named(text: str, actor: str):
    assert only(text).actor == actor


def test_regions_audience_and_date_are_read():
    statement = only(
        "From 26 May 2025 we use the public posts of adults in the EU on free plans to train AI."
    )

    assert statement.regions == ("EU",)
    assert statement.audience == ("free",)
    assert statement.since == "From 26 May 2025"


@pytest.mark.parametrize(
    "text",
    [
        "You may not use our services to train AI models.",
        "Do not use output to develop models that compete with us.",
        "Any use of the website to train generative AI is prohibited.",
        "Sellers may not use our data to train language models.",
        "We train our employees on data protection.",
        "Calls may be recorded for quality and training purposes.",
        "We may process contact data for training our customer support teams.",
        "We record interactions for training purposes and to ensure a high quality of service.",
        "We use machine learning to recommend content to you.",
        "AI features can make mistakes; check your results.",
        "We use your information to improve our services.",
        "We have developed algorithms to match you with other members.",
        "Our business model depends on your trust; we improve our commercial models.",
        "If you fine-tune a model with your data, you own the fine-tuned model.",
        "Customer may use the Service to train its own models.",
        "We provide tools for training machine learning models in the cloud.",
        "Can I use my outputs to train an AI model?",
        "Can we train models so that they are safe under adversarial inputs?",
        "We share personal data with affiliates for the purposes of powering AI features.",
        "How we use your data\n--------------------\n\nLumo gives you the opportunity to test our"
        " new features integrating artificial intelligence.",
    ],
)
def test_what_is_not_about_training_on_peoples_data_is_left_out(text: str):
    assert read_statements(text) == ()


def test_a_list_of_what_users_may_not_do_binds_its_items():
    page = "You may not:\n\n* copy the site;\n* train AI models with content of other users.\n"

    assert read_statements(page) == ()


@pytest.mark.parametrize(
    "text",
    [
        "We may use your data to train our models, regardless of your plan or opt-out settings.",
        "Free users do not have the ability to opt out of training our AI models on their data.",
        "You cannot opt out of our training AI models on your public posts.",
    ],
)
def test_a_way_out_that_people_do_not_have_is_none(text: str):
    statement = only(text)

    assert (statement.kind, statement.control, statement.denies) == ("use", "none", False)


def test_a_service_that_opted_out_for_its_users_promises_that_others_do_not_train():
    statement = only("Murmel has opted out of model training with all AI providers.")

    assert (statement.kind, statement.control, statement.actor) == ("use", "none", "third-parties")
    assert statement.denies


def test_a_sentence_wrapped_by_hand_is_read_whole():
    page = (
        "Unlike others, Murmel guarantees that your documents and searches are never used to\n"
        "train or improve our models, in line with the strictest standards of security.\n"
    )

    statement = only(page)

    assert statement.denies
    assert page[statement.start : statement.end].replace("\n", " ") == statement.words


def test_a_list_of_purposes_speaks_of_the_service():
    page = "We use your information:\n\n* to bill you;\n* to train our AI models.\n"

    assert only(page).words.endswith("to train our AI models.")


def test_a_sentence_broken_over_lines_keeps_its_subject():
    page = "You and your applications may not use the data,\nor any part of it, to train AI models."

    assert read_statements(page) == ()


def test_offsets_survive_letters_that_grow_when_lowered():
    page = "İstanbul ofisi. " * 3 + "\n\nWe use your posts to train AI."

    statement = only(page)

    assert page[statement.start : statement.end] == "We use your posts to train AI."
