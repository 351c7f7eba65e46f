"""Made-up records for the component page. They live in memory; nothing here is saved or read."""

import datetime as dt
from base64 import b64encode
from dataclasses import replace
from typing import Any, TypeVar

from django import forms
from django.contrib.auth import get_user_model
from django.db import models
from django.http import QueryDict
from django.utils import timezone
from django.utils.safestring import SafeString

from consent.diffing import MovedLink, diff
from consent.diffing.comparison_html import inline_html, side_by_side_html
from consent.ledger.answers import Axis, ShortAnswer, Since, Stance, Verdict, WayOut
from consent.ledger.cards import BranchCard, ControlCard, UseCard
from consent.ledger.counts import Counted, WaysOfTelling, effort_to_refuse
from consent.ledger.dates import Dated
from consent.ledger.figures import Figures, Month, TrainingClass, course_until, figures_of
from consent.ledger.filters import ActiveFilter, TimelineFilters
from consent.ledger.guide_lines import GuideLink, line_of
from consent.ledger.matrix import MatrixFilters, build_matrix
from consent.ledger.offers import Offered
from consent.ledger.platform_facts import (
    BranchFacts,
    ControlFacts,
    PlatformFacts,
    StateFacts,
    UseFacts,
)
from consent.ledger.revisions import revisions_of
from consent.ledger.robots import RobotsFile, robots_file
from consent.ledger.state_of_play import ANYBODY, ORDER, CategoryGroup, IndexLine, Reader
from consent.ledger.turns import Turn, Values
from consent.ledger.unread_pages import GapGroup
from consent.ledger.verdict import verdict
from consent.models import (
    Branch,
    Change,
    Control,
    ControlSurface,
    Entry,
    Guide,
    GuideStep,
    GuideSurface,
    Passage,
    ProviderStatement,
    PublicName,
    Revision,
    Source,
    State,
    Suggestion,
    Use,
)
from consent.public.checklist.directions import Directions
from consent.public.checklist.items import Section, make_checklist
from consent.public.checklist.marks import Marks
from consent.public.checklist.views import CheckFor, Item, ShownSection
from consent.public.feedback.tallies import Tally
from consent.public.guides.guide_controls import ControlOfGuide
from consent.public.guides.letter import letter_to
from consent.public.pictures.bands import Spell, Track, band_chart, mini_bands
from consent.public.pictures.heat import Watched, heat_map, quarters_until
from consent.public.pictures.notice import Told, notice_chart
from consent.public.pictures.steps import step_chart
from consent.public.pictures.wall import Course, wall
from consent.public.questions.reader_form import ReaderForm
from consent.public.rows import Row, by_month, drawn
from consent.public.share_image.captions import change_card, guide_card, platform_card
from consent.public.share_image.share_card import png_of
from consent.public.state_of_play.figures import MiniBand
from consent.public.timeline.citation import citation_of
from consent.public.timeline.histogram import histogram
from consent.public.timeline.page_diffs import ComparedPage
from consent.vocabulary import (
    Basis,
    Confidence,
    DataKind,
    DeclaredAnswer,
    Direction,
    Effect,
    People,
    Precision,
    PublicationStatus,
    Purpose,
    Reach,
    ReadBy,
    Refuse,
    RevisionKind,
    StatementLaw,
    StateValue,
    Surface,
    Trust,
)
from consent.vocabulary import Told as WayOfTelling
from platforms.days import end_of_month, month_after
from platforms.models import Freshness, Gap, Page, Platform, Snapshot
from platforms.outcomes import Outcome
from platforms.places import Coverage
from platforms.vocabulary import Category
from platforms.watch.outages import Outages
from platforms.watch.outages import Spell as OutageSpell

Record = TypeVar("Record", bound=models.Model)
Form = TypeVar("Form", bound=forms.Form)

BEFORE = """# How we use your data

We do not use your chats to train our models.

You can delete a chat at any time.

We keep deleted chats for 30 days."""
AFTER = """# How we use your data

We use your chats to train our models, unless you turn this off in Settings.

You can delete a chat at any time.

We keep deleted chats for 90 days."""


def everything() -> dict[str, Any]:
    """Return what the template of the component page draws, by component."""
    today, now = timezone.localdate(), timezone.now()
    return {
        "values": ORDER,
        "directions": Direction,
        "effects": Effect,
        "trusts": Trust,
        "today": today,
        "now": now,
        "precisions": [(today, precision) for precision in Precision],
        "cards": _cards(today, now),
        "reader_form": _with_ids(ReaderForm(QueryDict("place=DE")), "reader"),
        "checklist": _checklist(today),
        "check_for": _with_ids(CheckFor(QueryDict("")), "check"),
        "categories": [(Category.SOCIAL, [CHIRP, QUILL])],
        "acts": [ControlOfGuide(_control(31).control, [])],
        "quoted": _known(_entry(66), sources=_sources(now)),
        "verdicts": _verdicts(today),
        "answer_pairs": _pairs(),
        "figures": _figures(today),
        "platform": CHIRP,
        "reader": ANYBODY,
        "turns": _turns(today),
        "rows": _rows(today, now),
        "entries": _dated_entries(today, now),
        "entry": _entry(2),
        "reviewed": (reviewed := _reviewed(now)),
        "revisions": revisions_of(reviewed),
        "citation": citation_of(reviewed),
        "shares": _shares(today),
        "sources": _sources(now),
        "compared": _compared(now),
        "months": by_month(map(drawn, _rows(today, now))),
        "histogram": _histogram(today),
        "followed": _followed(today),
        "letter": letter_to(CHIRP),
        "index": [CategoryGroup(Category.SOCIAL, _index())],
        "gap_groups": _gap_groups(now),
        "outages": Outages((OutageSpell(now - dt.timedelta(hours=3), now),), is_on=True),
        "diff_inline": inline_html(diff(BEFORE, AFTER), heading_level=3),
        "diff_sides": side_by_side_html(diff(BEFORE, AFTER)).replace(' id="passage-', ' data-n="'),
        "bands": band_chart(_tracks(today), today),
        "minis": _minis(today),
        "steps": _steps(today),
        "wall": _wall(today),
        "heat": _heat(today),
        "notice": _notice(today),
        "told": _told(),
        "asking": effort_to_refuse(map(line_of, _guides(today, now))),
        "statements": _statements(now),
        "robots": _robots(now),
        "guides": list(map(line_of, _guides(today, now))),
        "doubts": _doubts(today, now),
        "broken": _guide(9, today, reported_broken_at=now),
        "poll": Tally(21, 4, 3, ((str(Surface.IOS.label), 5),), today),
        "chosen_platforms": {
            "listed": [CHIRP, QUILL],
            "fields": [CHIRP.name, "", "", "", ""],
            "kept": [("place", "DE")],
        },
        "filters": MatrixFilters({"category": "social"}, auto_id="matrix_%s"),
        "day_form": ReaderForm({"asof": "yesterday"}),
        "moved_links": [
            MovedLink("Object here", "https://chirp.example/form", "https://chirp.example/object"),
            MovedLink("Write to us", "https://chirp.example/mail", ""),
        ],
        "active": [
            ActiveFilter("platform", "Platform", "X", "q=grok"),
            ActiveFilter("q", "Words", "grok", ""),
        ],
        "matrix": _matrix(today),
        "freshness": _freshness(now),
        "pages": _pages(now),
        "form": _form(),
        "signals": _signals(now),
        "waiting_count": 2,
        "counts": {"failing": 3, "flapping": 1, "noisy": 2, "paused": 4},
        "never_read": 5,
    }


def _with_ids(form: Form, name: str) -> Form:
    """Give the fields of a form names of their own on a page with several forms."""
    form.auto_id = f"{name}_%s"
    return form


def _told() -> WaysOfTelling:
    ways = [
        Counted(way.value, str(way.label), count)
        for way, count in zip(WayOfTelling, (12, 8, 5), strict=False)
    ]
    return WaysOfTelling(60, ways, 38)


def _statements(now: dt.datetime) -> list[ProviderStatement]:
    statement = ProviderStatement(
        pk=1,
        key="chirp-one",
        provider="Chirp Ltd.",
        law=StatementLaw.EU_AI_ACT,
        model="Chirp One",
        dated_on=dt.date(2026, 7, 2),
        chats_with_this_model=DeclaredAnswer.NO,
        data_of_other_services=DeclaredAnswer.YES,
        services_named="Chirp and Chirp Studio.",
        document_url="https://chirp.example/summary.pdf",
        readable=ReadBy.PERSON,
    )
    return [_known(statement, sources=_sources(now))]


def _robots(now: dt.datetime) -> list[RobotsFile]:
    page = Page(url="https://chirp.example/robots.txt")
    text = "User-agent: *\nContent-Signal: ai-train=no\n\nUser-agent: GPTBot\nDisallow: /"
    return [robots_file(page, text, now)]


def _known(record: Record, **related: list[Any]) -> Record:
    """Tell a record what its relations hold, so that nobody asks the database."""
    kept = getattr(record, "_prefetched_objects_cache", {})
    record._prefetched_objects_cache = kept | related  # type: ignore[attr-defined] # what prefetching fills
    return record


def _platform(pk: int, name: str) -> Platform:
    slug = name.lower()
    return Platform(pk=pk, slug=slug, name=name, operator=f"{name} Inc.", category=Category.SOCIAL)


CHIRP, QUILL = _platform(1, "Chirp"), _platform(2, "Quill")


def _use(pk: int, **fields: Any) -> Use:
    defaults: dict[str, Any] = {
        "platform": CHIRP,
        "slug": f"sample-{pk}",
        "title": "Your public posts train Chirp's models",
        "title_if_not": "Your public posts do not train Chirp's models",
        "purpose": Purpose.TRAINING,
        "covers": "Public posts with their pictures, and what people write to the assistant.",
        "data_kinds": ["public-posts", "chats"],
        "status": PublicationStatus.PUBLISHED,
    }
    return Use(pk=pk, **defaults | fields)


def _branch(use: Use, **fields: Any) -> Branch:
    return Branch(pk=use.pk, use=use, **{"people": ["personal"]} | fields)


def _state(pk: int, branch: Branch, value: StateValue, **fields: Any) -> State:
    return State(pk=pk, branch=branch, value=value, **fields)


def _control(pk: int, **fields: Any) -> ControlCard:
    control = Control(
        pk=pk,
        platform=CHIRP,
        slug=f"control-{pk}",
        **{
            "label": "Allow your posts to be used to improve our models",
            "refuse": Refuse.TURN_OFF,
            "reach": Reach.FUTURE_ONLY,
        }
        | fields,
    )
    surface = ControlSurface(
        control=control, surface=Surface.WEB, path="Settings › Privacy › Data for AI"
    )
    _known(control, surfaces=[surface], uses=[], offers=[], pages=[])
    facts = ControlFacts(
        key=f"chirp/{control.slug}",
        uses=(),
        refuse=Refuse(control.refuse),
        label=control.label,
        name=control.name,
    )
    return ControlCard(control, facts, Offered(), [])


def _cards(today: dt.date, now: dt.datetime) -> list[UseCard]:
    """A use in each state, one in several groups of people, one that nothing is known about."""
    page = Page(pk=1, platform=CHIRP, title="Your data", url="https://chirp.example/data")
    page.last_looked_at = now - dt.timedelta(hours=3)
    since = today - dt.timedelta(days=400)
    soon = today + dt.timedelta(days=20)
    cards = []
    for pk, value in enumerate(ORDER, start=1):
        use = _use(pk)
        state = _state(pk, _branch(use), value, starts_on=since)
        controls = [] if value == StateValue.NO_WAY_OUT else [_control(pk)]
        cards.append(_card(use, [_branch_card(state)], controls, [page]))
    several = _use(21, title="Your voice messages train Chirp's models")
    off = _state(
        21,
        _branch(several, places=["EEA"]),
        StateValue.ONLY_IF_AGREED,
        disputed=True,
        note="The help page and the policy do not say the same.",
    )
    coming = _state(22, off.branch, StateValue.UNLESS_REFUSED, starts_on=soon)
    elsewhere = [
        _state(23, _branch(several, except_places=["EEA", "GB"]), StateValue.UNLESS_REFUSED),
        _state(24, _branch(several, places=["GB"]), StateValue.NOT_USED, starts_on=since),
    ]
    block = _control(21, label="Block AI training", refuse=Refuse.TURN_ON)
    branches = [_branch_card(off, coming), *map(_branch_card, elsewhere)]
    cards.append(_card(several, branches, [block]))
    bare = _use(25, title="Nothing is on record for this day")
    unknown = BranchCard(_branch(bare), BranchFacts(()), None, None, [], Coverage.SURELY)
    cards.append(_card(bare, [unknown]))
    return cards


def _branch_card(state: State, coming: State | None = None) -> BranchCard:
    history = [state, coming] if coming else [state]
    facts = BranchFacts((), where=state.branch.where)
    return BranchCard(state.branch, facts, state, coming, history, Coverage.SURELY)


def _card(
    use: Use,
    branches: list[BranchCard],
    controls: list[ControlCard] | None = None,
    pages: list[Page] | None = None,
) -> UseCard:
    return UseCard(use, None, branches, controls or [], pages or [])


def _facts(*values: StateValue, data_kinds: tuple[DataKind, ...] = ()) -> PlatformFacts:
    """A platform with a use in each of these states since two years, and a switch for all."""
    since = dt.date(2024, 7, 16)
    uses = tuple(
        UseFacts(
            key=f"chirp/sample-{number}",
            title=f"Your posts train model {number}",
            title_if_not=f"Your posts do not train model {number}",
            purpose=Purpose.TRAINING,
            branches=(BranchFacts((StateFacts(value, since),)),),
            data_kinds=data_kinds or (DataKind.PUBLIC_POSTS, DataKind.CHATS),
        )
        for number, value in enumerate(values, start=1)
    )
    switch = ControlFacts(
        key="chirp/switch",
        uses=tuple(use.key for use in uses),
        refuse=Refuse.TURN_OFF,
        label="Improve our models",
        has_guide=True,
        minutes=2,
    )
    return PlatformFacts("chirp", "Chirp", "Chirp Inc.", uses, (switch,))


def _verdicts(today: dt.date) -> list[Verdict]:
    """One of each answer."""
    each = [(value,) for value in ORDER]
    both = (StateValue.NOT_USED, StateValue.UNLESS_REFUSED)
    return [verdict(_facts(*values), ANYBODY.on(today)) for values in (*each, both)]


def _figures(today: dt.date) -> Figures:
    """Figures of one platform in each state."""
    platforms = tuple(replace(_facts(value), slug=value, name=str(value.label)) for value in ORDER)
    return figures_of(platforms, ANYBODY.on(today))


def _wall(today: dt.date) -> Any:
    """The same platforms by month."""
    platforms = [replace(_facts(value), slug=value, name=str(value.label)) for value in ORDER]
    return wall(
        [Course(each.slug, each.name, 1, course_until(each, today), Since()) for each in platforms],
        today,
    )


def _pairs() -> list[ShortAnswer]:
    """Every stance with every way that it can have; what depends with a yes in it and without."""
    kept = (WayOut.NOT_NEEDED, WayOut.ANYWAY)
    return [
        *(ShortAnswer(Stance.YES, way, (), True) for way in WayOut if way not in kept),
        *(
            ShortAnswer(Stance.DEPENDS, WayOut.NOT_NEEDED, (axis,), is_warm)
            for axis in Axis
            for is_warm in (True, False)
        ),
        *(
            ShortAnswer(stance, WayOut.NOT_NEEDED, (), False)
            for stance in Stance
            if stance not in (Stance.YES, Stance.DEPENDS)
        ),
        ShortAnswer(Stance.ONLY_IF_AGREED, WayOut.ORGANISATION, (), False),
        ShortAnswer(Stance.UNKNOWN, WayOut.ANYWAY, (), False),
    ]


def _turns(today: dt.date) -> list[Turn]:
    branch = _branch(_use(31))
    before = _state(31, branch, StateValue.NOT_USED, starts_on=today - dt.timedelta(days=900))
    after = _state(33, branch, StateValue.UNLESS_REFUSED, starts_on=today, disputed=True)
    return [Turn(before, after), Turn(None, after)]


def _entry(pk: int, **fields: Any) -> Entry:
    defaults: dict[str, Any] = {
        "key": f"sample-{pk}",
        "public_id": f"{pk:010x}",
        "title": "Chirp now uses public posts for training unless people opt out",
        "summary": "Posts are used unless the switch is cleared.",
        "effects": [Effect.DEFAULT_ON],
        "direction": Direction.LESS_CONTROL,
        "data_kinds": ["public-posts"],
        "confidence": Confidence.HIGH,
        "basis": Basis.STATED,
        "status": PublicationStatus.PUBLISHED,
    }
    entry = Entry(pk=pk, **defaults | fields)
    return _known(
        entry,
        platforms=[CHIRP],
        changes=[],
        decisions=[],
        revisions=[],
        sources=[],
        announcements=[],
    )


def _rows(today: dt.date, now: dt.datetime) -> list[Row]:
    on = [Values(StateValue.NOT_USED, StateValue.UNLESS_REFUSED)]
    seen = _entry(
        42,
        title="Quill promises not to train on private notes",
        direction=Direction.MORE_CONTROL,
        observed_to=now,
        places=["EEA", "GB", "CH", "BR"],
    )
    words = _entry(
        43,
        title="Chirp rewrites its help page",
        direction=Direction.NEUTRAL,
        effects=[Effect.WORDING_ONLY],
    )
    ended = _entry(44, title="Chirp ends a trial", direction=Direction.MIXED)
    taken_back = _entry(45, title="Quill sells notes", status=PublicationStatus.RETRACTED)
    guide = _guide(4, today)
    link = GuideLink(guide.slug, guide.title, guide.minutes)
    return [
        Row(_entry(41), Dated("effective", today), on, [Effect.DEFAULT_ON], [link], 3),
        Row(seen, Dated("announced", today), [], [Effect.PLEDGE_ADDED], [], 1),
        Row(words, Dated("observed", today), [], [Effect.WORDING_ONLY], [], 1),
        Row(
            ended,
            Dated("effective", today.replace(day=1), Precision.MONTH),
            [Values(StateValue.UNLESS_REFUSED, StateValue.NOT_OFFERED)],
            [Effect.WITHDRAWN],
            [],
            2,
        ),
        Row(taken_back, Dated("published", today), [], [Effect.SHARING_WIDENED], [], 0),
    ]


def _dated_entries(today: dt.date, now: dt.datetime) -> list[Entry]:
    """One with notice and all dates, one told afterwards, one known to the month, one bare."""
    in_days = [today + dt.timedelta(days=days) for days in (-60, -20, 40, 60)]
    return [
        _entry(
            51,
            announced_on=in_days[0],
            effective_on=in_days[2],
            deadline_on=in_days[3],
            observed_from=now - dt.timedelta(days=30),
            observed_to=now - dt.timedelta(days=20),
            published_at=now - dt.timedelta(days=19),
        ),
        _entry(52, effective_on=in_days[0], announced_on=in_days[1], published_at=now),
        _entry(
            53,
            effective_on=in_days[0].replace(day=1),
            effective_precision=Precision.MONTH,
            published_at=now,
        ),
        _entry(54, published_at=now),
    ]


def _reviewed(now: dt.datetime) -> Entry:
    """Reviewed twice, suggested by a machine, and corrected since."""
    user: Any = get_user_model()  # the reverse side of a relation has no type
    ada, grace = user(pk=1, username="login-1"), user(pk=2, username="login-2")
    ada.shown_as, grace.shown_as = PublicName(name="Ada L."), PublicName(name="Grace H.")
    entry = _entry(
        61,
        reviewer=ada,
        reviewed_at=now,
        second_reviewer=grace,
        second_reviewed_at=now,
        basis=Basis.REPORTED,
        confidence=Confidence.LOW,
        published_at=now - dt.timedelta(days=2),
        updated_at=now,
    )
    correction = Revision(
        entry=entry,
        kind=RevisionKind.CORRECTION,
        reason="We had the date wrong.",
        changed=[{"field": "title", "before": "Chirp uses posts", "after": entry.title}],
        editor=grace,
        revised_at=now,
    )
    return _known(entry, changes=_signals(now)[:1], revisions=[correction])


def _shares(today: dt.date) -> list[tuple[str, str]]:
    """Share images of a change, a platform and a guide: what each says, and the image itself."""
    entry = _known(_entry(62, effective_on=today), platforms=[CHIRP])
    answer = _verdicts(today)[1]
    turn = _turns(today)[0]
    found = (change_card(entry, [turn]), platform_card(CHIRP, answer), guide_card(_guide(5, today)))
    return [
        (card.alt, f"data:image/png;base64,{b64encode(png_of(card)).decode()}") for card in found
    ]


def _sources(now: dt.datetime) -> list[Source]:
    snapshot = Snapshot(pk=1, sha256="5e" * 32, first_seen_at=now)
    stated = Source(
        pk=1,
        publisher="Chirp",
        title="How we use your data",
        url="https://chirp.example/data",
        archived_url="https://archive.example/chirp.example/data",
        published_on=now.date(),
        snapshot=snapshot,
    )
    words = "We use your chats to train our models, unless you turn this off."
    reported = Source(
        pk=2,
        publisher="The Example Times",
        url="https://times.example/2026/a-long-address-that-is-cut-where-it-gets-long/page-1",
        seen_via="a newsletter",
    )
    return [
        _known(stated, passages=[Passage(source=stated, words=words)]),
        _known(reported, passages=[]),
    ]


def _compared(now: dt.datetime) -> ComparedPage:
    """Evidence of a change: one snapshot of ours, one that others keep."""
    change = _signals(now)[0]
    change.before = Snapshot(
        pk=2, source="wayback", evidence_url="https://archive.example/1", first_seen_at=now
    )
    change.after = Snapshot(pk=3, sha256="5e" * 32, first_seen_at=now)
    html = inline_html(diff(BEFORE, AFTER), heading_level=4)
    return ComparedPage(change, "changes", SafeString(html.replace("passage-", "sample-passage-")))


def _histogram(today: dt.date) -> Any:
    counts = {month_after(today, -back): 1 + back % 5 for back in range(0, 40, 3)}
    return histogram(TimelineFilters(QueryDict("")), counts)


def _followed(today: dt.date) -> Entry:
    """Announced before, and put off since."""
    before, later = _entry(63, title="Chirp announces it"), _entry(64, title="Chirp puts it off")
    later.timeline_on = today
    return _known(_entry(65, follows=before), followed_by=[later])


def _short(found: Verdict) -> ShortAnswer:
    return ShortAnswer(found.stance, found.way, found.by_axes, found.is_warm)


def _index() -> list[IndexLine]:
    verdicts = _verdicts(dt.date(2026, 1, 1))
    return [IndexLine(CHIRP, _short(verdicts[0])), IndexLine(QUILL, _short(verdicts[-1]))]


def _gap_groups(now: dt.datetime) -> list[GapGroup]:
    """One of a wall, which lasts; one that was probably our fault, which ended."""
    page = _pages(now)[0]
    began_at = now - dt.timedelta(days=3)
    lasting = Gap(page=page, began_at=began_at, outcome=Outcome.LOGIN_WALL)
    ended = Gap(page=page, began_at=began_at, ended_at=now, outcome=Outcome.TIMEOUT)
    return [GapGroup(None, (ended,)), GapGroup(Outcome.LOGIN_WALL, (lasting,))]


def _tracks(today: dt.date) -> list[Track]:
    def ago(days: int) -> dt.date:
        return today - dt.timedelta(days=days)

    values = [
        StateValue.NOT_USED,
        StateValue.UNCLEAR,
        StateValue.NO_WAY_OUT,
        StateValue.UNLESS_REFUSED,
        StateValue.ONLY_IF_AGREED,
    ]
    edges = [None, ago(900), ago(700), ago(500), ago(200), today + dt.timedelta(days=80)]
    spells = [
        Spell(value, start, end, title=f"A change to {value.label}", url="#bands")
        for value, start, end in zip(values, edges, edges[1:], strict=False)
    ]
    announced = Spell(StateValue.UNLESS_REFUSED, edges[-1], None)
    return [
        Track(
            "Allow your posts to be used to improve our models",
            [DataKind.PUBLIC_POSTS],
            "personal accounts",
            "worldwide",
            [*spells, announced],
            now=spells[-1],
            gaps=[(ago(320), ago(260))],
        ),
        Track(
            "Voice recordings",
            [DataKind.VOICE],
            "everyone",
            "EU and EEA",
            [Spell(StateValue.NOT_OFFERED, ago(600), ago(100)), Spell(values[0], ago(100), None)],
        ),
    ]


def _minis(today: dt.date) -> list[MiniBand]:
    minis = []
    for number, track in enumerate(_tracks(today)):
        platform = (CHIRP, QUILL)[number]
        value = track.spells[-1].value
        state = _state(
            70 + number,
            _branch(_use(70 + number, platform=platform)),
            value,
            starts_on=today - dt.timedelta(days=30 * number + 3),
        )
        state.value_today = state.value  # type: ignore[attr-defined] # annotated
        minis.append(MiniBand(state, mini_bands([track], today)))
    return minis


def _steps(today: dt.date) -> Any:
    months = [
        Month(
            today if back == 0 else end_of_month(month_after(today, -back)),
            {each: 30 - back + number for number, each in enumerate(TrainingClass)},
            sum(30 - back + number for number in range(len(TrainingClass))),
        )
        for back in reversed(range(30))
    ]
    return step_chart(months)


def _heat(today: dt.date) -> Any:
    quarters = quarters_until(today)
    platforms = [
        Watched(each.pk, each.name, each.slug, each.get_absolute_url()) for each in (CHIRP, QUILL)
    ]
    counts = {
        (CHIRP.pk, quarters[1], Direction.LESS_CONTROL): 1,
        (CHIRP.pk, quarters[4], Direction.LESS_CONTROL): 3,
        (CHIRP.pk, quarters[4], Direction.MORE_CONTROL): 1,
        (CHIRP.pk, quarters[6], Direction.LESS_CONTROL): 8,
        (QUILL.pk, quarters[2], Direction.MORE_CONTROL): 2,
        (QUILL.pk, quarters[7], Direction.MORE_CONTROL): 5,
        (QUILL.pk, quarters[5], Direction.NEUTRAL): 2,
    }
    totals = {Direction.LESS_CONTROL: 12, Direction.MORE_CONTROL: 8, Direction.NEUTRAL: 2}
    return heat_map(platforms, counts, totals, quarters)


def _notice(today: dt.date) -> Any:
    told = [
        Told(f"A change told {days} days ahead", "#notice", today - dt.timedelta(days=days), today)
        for days in (45, 10, 0, -12)
    ]
    return notice_chart(told, {each.days: 1 for each in told})


def _guide(pk: int, today: dt.date, **of_surface: Any) -> Guide:
    guide = Guide(
        pk=pk,
        platform=CHIRP,
        slug="sample",
        title="Turn off training on your posts",
        minutes=2,
        who="personal plans",
        caveats=["Works for the future only.", "Ratings may still be used."],
        status=PublicationStatus.PUBLISHED,
    )
    surfaces = []
    for number, kind in enumerate((Surface.WEB, Surface.ANDROID), start=1):
        surface = GuideSurface(
            pk=pk * 10 + number, guide=guide, surface=kind, **{"verified_on": today} | of_surface
        )
        acts = [("Open the settings.", ""), ("Clear the box.", "The box is empty.")]
        steps = [
            GuideStep(surface=surface, position=position, act=act, expect=expect)
            for position, (act, expect) in enumerate(acts * number, start=1)
        ]
        surfaces.append(_known(surface, steps=steps))
    return _known(guide, surfaces=surfaces, controls=[_control(pk).control], sources=[])


def _guides(today: dt.date, now: dt.datetime) -> list[Guide]:
    """One of each trust, in the order of Trust, but for the reported one, which has a banner."""
    old = today - dt.timedelta(days=120)
    very_old = today - dt.timedelta(days=300)
    changed = _guide(14, today)
    changed.source_changed_at = now
    return [
        _guide(11, today),
        _guide(12, today, verified_on=old),
        _guide(13, today, verified_on=very_old),
        changed,
        _guide(15, today, verified_on=None),
        _guide(16, today, reported_broken_at=now),
    ]


def _doubts(today: dt.date, now: dt.datetime) -> list[tuple[Guide, Trust]]:
    return [(guide, guide.trust(today)) for guide in _guides(today, now)]


def _matrix(today: dt.date) -> Any:
    facts = {
        CHIRP.pk: _facts(*ORDER[:3]),
        QUILL.pk: _facts(*ORDER[3:], data_kinds=(DataKind.VOICE,)),
    }
    return build_matrix([CHIRP, QUILL], facts, MatrixFilters({}), today)


def _checklist(today: dt.date) -> ShownSection:
    """Tasks to do and done, what nobody can refuse, what is not known, and what needs nothing."""
    facts = _facts(
        StateValue.UNLESS_REFUSED,
        StateValue.NO_WAY_OUT,
        StateValue.UNCLEAR,
        StateValue.ONLY_IF_AGREED,
        StateValue.UNLESS_REFUSED,
    )
    first, *_others, last = facts.uses
    form = ControlFacts("chirp/form", (last.key,), Refuse.SUBMIT, name="Objection form")
    switch = replace(facts.controls[0], uses=tuple(use.key for use in facts.uses[:-1]))
    mail = ControlFacts(
        "chirp/mail", (first.key,), Refuse.WRITE, name="Mail", to="no@chirp.example"
    )
    picked = [(CHIRP, replace(facts, controls=(switch, mail, form)))]
    reader = Reader(people=People.PERSONAL)
    surface = ControlSurface(surface=Surface.WEB, path="Settings › Privacy › Data for AI")
    directions = {"chirp/switch": Directions([surface], [])}

    def section(done: list[str]) -> Section:
        marks = Marks(done)
        return make_checklist(picked, reader, today, directions=directions, marks=marks).training

    *_still_open, settled = section([]).open
    found = section(list(settled.marks))
    return ShownSection(
        found,
        open=[Item(task, "p=chirp") for task in found.open],
        done=[Item(task, "p=chirp") for task in found.done],
    )


def _freshness(now: dt.datetime) -> list[Freshness]:
    return [
        Freshness(now - dt.timedelta(minutes=7), now, 40, 0),
        Freshness(now - dt.timedelta(hours=5), now, 40, 3),
        Freshness(None, now, 40, 40),
        Freshness(None, None, 0, 0),
    ]


def _pages(now: dt.datetime) -> list[Page]:
    """Watched pages in every state of health, as the query with_last_fetch reads them."""
    pages = []
    for pk, outcome in enumerate((*Outcome, None), start=1):
        page = Page(
            pk=pk, platform=CHIRP, title=f"Help page {pk}", url=f"https://chirp.example/help/{pk}"
        )
        if outcome:
            page.last_visited_at = now
            page.last_looked_at = now if Outcome(outcome).looked else None
        page.last_outcome, page.last_http_status = outcome, None  # type: ignore[attr-defined]
        pages.append(page)
    pages[-2].paused_at, pages[-2].paused_reason = now, "The page moved."
    return pages


class _SampleForm(forms.Form):
    address = forms.EmailField(label="Your mail address")
    note = forms.CharField(label="What did you see?")


def _form() -> forms.Form:
    form = _SampleForm({"address": "not an address", "note": ""}, auto_id="sample_%s")
    form.is_valid()
    return form


def _signals(now: dt.datetime) -> list[Change]:
    """A change that waits, confirmed and about training; and one that nobody read yet."""
    page = Page(pk=1, platform=CHIRP, title="Your data", url="https://chirp.example/data")
    signals = [
        Change(pk=pk, page=page, observed_from=now - dt.timedelta(days=1), observed_to=now)
        for pk in (1, 2)
    ]
    signals[0].confirmed_at = now
    Suggestion(
        change=signals[0],
        relevant=True,
        title="Chats are used for training unless people opt out",
        direction=Direction.LESS_CONTROL,
        confidence=0.93,
        effects=[Effect.DEFAULT_ON],
    )
    Suggestion(change=signals[1], relevant=False, direction=Direction.NEUTRAL, confidence=0.2)
    return signals
