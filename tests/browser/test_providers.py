"""The table of providers on a phone."""


def test_the_answers_to_choose_from_and_the_files_are_on_the_first_screen(open_page):
    for language in ("", "/de", "/fr"):
        page = open_page(f"{language}/developers/providers", width=360)
        seen = [
            *page.locator(".active-filters a").all(),
            page.get_by_role("link", name="providers.json"),
            page.get_by_role("link", name="providers.csv"),
        ]
        assert len(seen) > 2
        for link in seen:
            box = link.bounding_box()
            assert box["y"] + box["height"] < 740, link
