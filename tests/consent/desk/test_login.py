"""Login: password, second factor, and limits against guessing."""

import datetime as dt
import re
import time

import pytest
import time_machine
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from consent.desk import two_factors

# On PostgreSQL: the rulings in tests/consent/curation, and every page in test_walk.py.
pytestmark = pytest.mark.django_db

LOGIN, CODE, SETUP, DESK = (
    "/admin/login/",
    "/admin/login/code/",
    "/admin/two-factors/",
    "/admin/consent/change/",
)
NOW = dt.datetime(2026, 3, 3, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ada():
    return User.objects.create_superuser("ada", password="a right good password")


@pytest.fixture
def backup_codes(ada, clock):
    """Set up a phone for Ada a while ago, and return her backup codes."""
    device = two_factors.begin(ada)
    codes = two_factors.finish(device, shown_by_phone(ada))
    clock.shift(dt.timedelta(minutes=5))
    return codes


def shown_by_phone(user):
    device = TOTPDevice.objects.get(user=user)
    totp = TOTP(device.bin_key)
    totp.time = time.time()
    return f"{totp.token():06d}"


def give_password(client, password="a right good password", name="ada", **fields):
    return client.post(LOGIN, {"username": name, "password": password, "next": DESK} | fields)


def is_in(client):
    return client.get(DESK).status_code == 200


def test_the_password_is_enough_without_a_second_factor(client, ada):
    assert give_password(client)["Location"] == DESK
    assert is_in(client)


def test_the_password_alone_lets_nobody_in_who_has_a_phone(client, ada, backup_codes):
    assert give_password(client)["Location"] == CODE
    assert not is_in(client)
    assert not is_in(client)  # looking does not help either


def test_the_code_of_the_phone_lets_in_and_on_to_where_one_was_going(client, ada, backup_codes):
    give_password(client)
    assert client.post(CODE, {"code": shown_by_phone(ada)})["Location"] == DESK
    assert is_in(client)


def test_a_code_may_be_typed_with_a_space(client, ada, backup_codes):
    give_password(client)
    code = shown_by_phone(ada)
    client.post(CODE, {"code": f" {code[:3]} {code[3:]} "})
    assert is_in(client)


def test_a_wrong_code_lets_nobody_in(client, ada, backup_codes):
    give_password(client)
    wrong_code = f"{(int(shown_by_phone(ada)) + 1) % 1_000_000:06d}"
    answer = client.post(CODE, {"code": wrong_code})
    assert answer.status_code == 422
    assert "not right" in answer.content.decode()
    assert not is_in(client)


def test_a_code_works_once(client, ada, backup_codes):
    code = shown_by_phone(ada)
    give_password(client)
    client.post(CODE, {"code": code})
    thief = Client()
    give_password(thief)
    assert "used already" in thief.post(CODE, {"code": code}).content.decode()
    assert not is_in(thief)


def test_each_backup_code_works_once(client, ada, backup_codes):
    give_password(client)
    client.post(CODE, {"code": backup_codes[0].upper()})
    assert is_in(client)
    assert two_factors.backup_codes_left(ada) == 9
    thief = Client()
    give_password(thief)
    thief.post(CODE, {"code": backup_codes[0]})
    assert not is_in(thief)


def test_backup_codes_are_not_kept_as_they_are(ada, backup_codes):
    stored = set(StaticToken.objects.values_list("token", flat=True))
    assert len(stored) == len(backup_codes) == 10
    assert not stored & {code.replace("-", "") for code in backup_codes}


def test_the_right_code_right_after_a_wrong_one_has_to_wait(client, ada, backup_codes, clock):
    give_password(client)
    client.post(CODE, {"code": "000000"})
    assert "try again in" in client.post(CODE, {"code": shown_by_phone(ada)}).content.decode()
    clock.shift(dt.timedelta(seconds=30))
    client.post(CODE, {"code": shown_by_phone(ada)})
    assert is_in(client)


def test_a_code_without_a_password_is_worth_nothing(client, ada, backup_codes):
    answer = client.post(CODE, {"code": shown_by_phone(ada)}, follow=True)
    assert "password first" in answer.content.decode()
    assert not is_in(client)


def test_ten_minutes_after_the_password_the_code_comes_too_late(client, ada, backup_codes, clock):
    give_password(client)
    clock.shift(dt.timedelta(minutes=11))
    client.post(CODE, {"code": shown_by_phone(ada)})
    assert not is_in(client)


def test_a_password_changed_in_between_is_asked_for_again(client, ada, backup_codes):
    give_password(client)
    ada.set_password("another good password")
    ada.save()
    client.post(CODE, {"code": shown_by_phone(ada)})
    assert not is_in(client)


def test_nobody_is_sent_to_another_site_afterwards(client, ada, backup_codes):
    give_password(client, next="https://evil.example/")
    answer = client.post(CODE, {"code": shown_by_phone(ada)})
    assert answer["Location"] == "/admin/"


def test_a_session_from_before_the_phone_was_set_up_is_asked_for_the_code(client, ada):
    elsewhere = Client()
    give_password(elsewhere)
    assert is_in(elsewhere)
    give_password(client)
    set_up_phone(client, ada)
    assert is_in(client)
    assert not is_in(elsewhere)
    assert elsewhere.post(SETUP, {"act": "remove", "code": "x"}).status_code == 302
    assert two_factors.has_second_factor(ada)


def set_up_phone(client, user):
    client.post(SETUP, {"act": "begin"})
    return client.post(SETUP, {"act": "finish", "code": shown_by_phone(user)}).content.decode()


def test_a_curator_sets_a_phone_up_without_anybody_elses_help(client, ada):
    give_password(client)
    assert not TOTPDevice.objects.exists()
    assert client.get(SETUP).status_code == 200
    assert not TOTPDevice.objects.exists()  # looking sets nothing up
    client.post(SETUP, {"act": "begin"})
    page = client.get(SETUP)
    drawn = page.content.decode()
    assert "<svg" in drawn
    assert re.search(r"\bstyle=|<script(?![^>]*src=)", drawn[drawn.index("<svg") :][:2000]) is None
    assert "no-store" in page["Cache-Control"]
    assert not two_factors.has_second_factor(ada)
    html = client.post(SETUP, {"act": "finish", "code": shown_by_phone(ada)}).content.decode()
    assert len(re.findall(r"<li><code>\w{5}-\w{5}</code>", html)) == 10
    assert two_factors.has_second_factor(ada)
    assert "<li><code>" not in client.get(SETUP).content.decode()
    assert is_in(client)


def test_a_phone_that_shows_another_code_is_not_turned_on(client, ada):
    give_password(client)
    client.post(SETUP, {"act": "begin"})
    answer = client.post(SETUP, {"act": "finish", "code": "12345"})
    assert answer.status_code == 422
    assert not two_factors.has_second_factor(ada)


def test_new_backup_codes_and_removal_ask_for_a_code(client, ada, clock):
    give_password(client)
    set_up_phone(client, ada)
    clock.shift(dt.timedelta(minutes=1))
    assert (
        "Nothing was changed" in client.post(SETUP, {"act": "remove", "code": ""}).content.decode()
    )
    assert two_factors.has_second_factor(ada)
    old = set(StaticToken.objects.values_list("token", flat=True))
    clock.shift(dt.timedelta(minutes=1))
    client.post(SETUP, {"act": "codes", "code": shown_by_phone(ada)})
    assert not old & set(StaticToken.objects.values_list("token", flat=True))
    clock.shift(dt.timedelta(minutes=1))
    client.post(SETUP, {"act": "remove", "code": shown_by_phone(ada)})
    assert not two_factors.has_second_factor(ada)
    assert is_in(client)


def test_a_phone_that_works_is_not_replaced_behind_its_owners_back(client, ada):
    give_password(client)
    set_up_phone(client, ada)
    key = TOTPDevice.objects.get().key
    assert client.post(SETUP, {"act": "begin"}).status_code == 422
    assert TOTPDevice.objects.get().key == key


def test_where_it_is_required_nobody_gets_further_than_setting_it_up(client, ada, settings):
    settings.DESK_REQUIRES_TWO_FACTORS = True
    give_password(client)
    assert not is_in(client)
    answer = client.get(DESK, follow=True)
    assert answer.redirect_chain[-1][0] == SETUP
    assert "asks everybody" in answer.content.decode()
    assert client.post("/admin/consent/change/1/dismiss/", {"reason": "noise"}).status_code == 302
    set_up_phone(client, ada)
    assert is_in(client)


def test_whoever_sets_nothing_up_gets_out_again(client, ada, settings):
    settings.DESK_REQUIRES_TWO_FACTORS = True
    give_password(client)
    assert 'action="/admin/logout/"' in client.get(SETUP).content.decode()
    assert client.get("/admin/logout/").status_code == 405
    client.post("/admin/logout/")
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("staff", [False, None])
def test_who_is_no_staff_sets_nothing_up(client, staff):
    if staff is not None:
        client.force_login(User.objects.create_user("reader"))
    assert client.post(SETUP, {"act": "begin"})["Location"].startswith("/admin/login/")
    assert not TOTPDevice.objects.exists()


def test_the_secrets_of_others_are_in_no_list(client, ada):
    client.force_login(ada)
    index = client.get("/admin/").content.decode()
    assert "otp_totp" not in index
    assert "otp_static" not in index
    assert client.get("/admin/otp_totp/totpdevice/").status_code == 404


def test_an_operator_takes_a_lost_phone_off_an_account(ada, backup_codes, capsys):
    call_command("reset_two_factors", "ada")
    assert "removed" in capsys.readouterr().out
    assert not two_factors.has_second_factor(ada)
    assert two_factors.backup_codes_left(ada) == 0
    with pytest.raises(CommandError, match="no second factor"):
        call_command("reset_two_factors", "ada")
    with pytest.raises(CommandError, match="Nobody is called"):
        call_command("reset_two_factors", "eve")


def test_five_wrong_passwords_lock_the_name_for_that_address(client, ada):
    for _ in range(4):
        assert give_password(client, "wrong").status_code == 200
    assert give_password(client, "wrong").status_code == 429
    locked = give_password(client)
    assert locked.status_code == 429
    assert "For 15 minutes" in locked.content.decode()
    assert not is_in(client)


def test_somebody_elsewhere_is_not_locked_out_by_it(client, ada):
    for _ in range(6):
        give_password(client, "wrong")
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    give_password(elsewhere)
    assert is_in(elsewhere)


def test_the_lock_opens_after_a_quarter_of_an_hour_however_often_it_was_tried(client, ada, clock):
    for _ in range(6):
        give_password(client, "wrong")
    clock.shift(dt.timedelta(minutes=10))
    assert give_password(client).status_code == 429
    clock.shift(dt.timedelta(minutes=6))
    give_password(client)
    assert is_in(client)


def test_an_operator_opens_the_lock_sooner(client, ada):
    for _ in range(6):
        give_password(client, "wrong")
    call_command("axes_reset_username", "ada")
    give_password(client)
    assert is_in(client)


def test_one_line_of_ipv6_is_one_address(ada):
    for number in range(5):
        answer = give_password(Client(REMOTE_ADDR=f"2001:db8::{number}"), "wrong")
    assert answer.status_code == 429
    assert give_password(Client(REMOTE_ADDR="2001:db8::ffff")).status_code == 429
    neighbour = Client(REMOTE_ADDR="2001:db8:0:1::1")
    give_password(neighbour)
    assert is_in(neighbour)


def guess_from_everywhere(name="ada", times=20):
    for number in range(times):
        answer = give_password(Client(REMOTE_ADDR=f"198.51.100.{number}"), "wrong", name=name)
    return answer


def test_guesses_from_many_addresses_lock_the_name_for_unknown_browsers(ada, clock, caplog):
    guess_from_everywhere()
    stranger = Client(REMOTE_ADDR="192.0.2.7")
    answer = give_password(stranger)
    assert answer.status_code == 429
    assert "many addresses" in answer.content.decode()
    assert not is_in(stranger)
    assert "Logins as 'ada' are locked for unknown browsers" in caplog.text
    clock.shift(dt.timedelta(minutes=61))
    give_password(stranger)
    assert is_in(stranger)


def test_a_browser_that_was_in_before_gets_in_whoever_guesses(client, ada):
    give_password(client)
    client.post("/admin/logout/")
    assert not is_in(client)
    guess_from_everywhere()
    give_password(client)
    assert is_in(client)


def test_a_browser_that_was_in_before_has_to_know_the_new_password(client, ada):
    give_password(client)
    client.post("/admin/logout/")
    ada.set_password("another good password")
    ada.save()
    guess_from_everywhere()
    assert give_password(client, "another good password").status_code == 429


def test_a_browser_known_for_one_name_is_unknown_for_another(client, ada):
    User.objects.create_superuser("eve", password="a right good password")
    give_password(client, name="eve")
    client.post("/admin/logout/")
    guess_from_everywhere()
    assert give_password(client).status_code == 429


def test_an_operator_lifts_the_slow_limit_too(client, ada):
    guess_from_everywhere()
    call_command("axes_reset_username", "ada")
    give_password(client)
    assert is_in(client)


def test_a_name_that_nobody_has_is_slowed_in_the_same_words_and_not_logged(ada, caplog):
    guess_from_everywhere("my password, typed wrongly")
    stranger = Client(REMOTE_ADDR="192.0.2.7")
    assert (
        "many addresses"
        in give_password(stranger, name="my password, typed wrongly").content.decode()
    )
    assert "my password" not in caplog.text
    assert "nobody we know" in caplog.text


def test_a_lock_names_the_account_in_the_log(client, ada, caplog):
    for _ in range(5):
        give_password(client, "wrong")
    assert "Logins as 'ada' are locked from 127.0.0.1, for 15 minutes" in caplog.text


def test_behind_a_proxy_the_address_is_the_one_that_the_proxy_saw(ada, settings):
    settings.TRUSTED_PROXIES = 1
    guesser = Client(REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="1.2.3.4, 192.0.2.66")
    for number in range(6):  # what the guesser claims of itself changes nothing
        guesser.defaults["HTTP_X_FORWARDED_FOR"] = f"1.2.3.{number}, 192.0.2.66"
        answer = give_password(guesser, "wrong")
    assert answer.status_code == 429
    stranger = Client(REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="192.0.2.67")
    give_password(stranger)
    assert is_in(stranger)


def test_who_guesses_codes_is_locked_out_as_well(client, ada, backup_codes, clock):
    give_password(client)
    for _ in range(5):
        answer = client.post(CODE, {"code": "000000"})
        clock.shift(dt.timedelta(seconds=40))
    assert answer.status_code == 429
    assert client.post(CODE, {"code": backup_codes[0]}).status_code == 429
    assert give_password(client).status_code == 429
    assert not is_in(client)


def test_a_right_password_does_not_reset_the_count_of_wrong_codes(client, ada, backup_codes, clock):
    for _ in range(5):
        give_password(client)
        answer = client.post(CODE, {"code": "000000"})
        clock.shift(dt.timedelta(seconds=40))
    assert answer.status_code == 429


def test_a_name_that_nobody_has_is_answered_like_one_that_somebody_has(client, ada, backup_codes):
    def seen(name):
        answers = []
        guesser = Client(REMOTE_ADDR="192.0.2.9")
        for _ in range(6):
            answer = give_password(guesser, "wrong", name=name)
            words = re.sub(r'value="[^"]*"', "", answer.content.decode())
            answers.append((answer.status_code, words))
        return answers

    assert seen("ada") == seen("eve")


def test_the_password_is_in_no_record_of_a_failure(client, ada):
    give_password(client, "my other password")
    attempt = AccessAttempt.objects.get()
    assert "my other password" not in f"{attempt.post_data} {attempt.get_data}"


def test_a_locked_name_stays_locked_at_the_second_step(client, ada, backup_codes, clock):
    give_password(client)
    for _ in range(5):
        give_password(Client(), "wrong")
    assert client.post(CODE, {"code": shown_by_phone(ada)}).status_code == 429
    assert timezone.now() > NOW
    assert not is_in(client)


def test_a_session_ends_after_twelve_hours(client, ada, clock):
    give_password(client)
    clock.shift(dt.timedelta(hours=11, minutes=59))
    assert is_in(client)
    clock.shift(dt.timedelta(minutes=2))
    assert not is_in(client)
