from consent.classification.dates import read_dates


def found(text: str) -> list[tuple[str, str, str]]:
    return [(date.kind, date.value, date.precision) for date in read_dates(text)]


def test_dates_are_told_apart_by_the_words_before_them():
    text = (
        "Last updated: July 1, 2024. These terms take effect on 26 July 2024. "
        "You can object until 2024-07-25."
    )

    assert found(text) == [
        ("last-updated", "2024-07-01", "day"),
        ("effective", "2024-07-26", "day"),
        ("deadline", "2024-07-25", "day"),
    ]


def test_a_month_without_a_day_is_precise_to_the_month():
    assert found("Effective March 2025") == [("effective", "2025-03", "month")]


def test_dates_without_a_telling_word_are_left_out():
    assert found("On 5 May 2020 we moved.") == []


def test_days_that_cannot_be_are_left_out():
    assert found("Effective July 45, 2024, or from 2024-13-01.") == []


def test_other_languages_name_their_months():
    assert found("Gültig ab dem 26. Mai 2025") == [("effective", "2025-05-26", "day")]
    assert found("En vigueur le 1er mars 2025") == [("effective", "2025-03-01", "day")]
    assert found("Última actualización: 3 de abril de 2025") == [
        ("last-updated", "2025-04-03", "day")
    ]
