"""Whatever has a word or a place for each state lacks none: a new state is named here until it has them all."""

import re
from collections.abc import Collection
from pathlib import Path

import pytest

import instroom
from instroom.core.language import LANGUAGES, Language
from instroom.core.report.words import words
from instroom.core.wording.catalogue import LABELS
from instroom.doors.web.deliveries import progress
from instroom.doors.web.words import labels
from instroom.flow import policies
from instroom.flow.delivery import states
from instroom.flow.news import events, notifications
from instroom.store.states import ConnectionState, State

pytestmark = pytest.mark.on_sqlite_alone

MAPS: dict[str, Collection[str]] = {
    **{f"the labels in {lang}": LABELS.texts(lang)["state"] for lang in LANGUAGES},
    **{
        f"the answers in {lang} to who comes too early or too late": [
            *LABELS.texts(lang)["is-now"],
            *states.AWAITING_DECISION,
        ]
        for lang in LANGUAGES
    },
    "the steps on the page of a delivery": [*progress._REACHED, State.FAILED],  # where that was, the delivery says
    "the charts of an operator": [state for group in states.OUTCOMES.values() for state in group],
    "the filters of a list": [state for group in states.LIST_GROUPS.values() for state in group],
    "the mails": [*(state for state in State if state in notifications._TOLD), *notifications.SILENT],
    "the events of webhooks": [
        *(state for state in State if events._EVENT_OF[state] in events.EVENTS),
        *events.NOT_ANNOUNCED,
    ],
}


@pytest.mark.parametrize("name", MAPS)
def test_it_has_every_state_once(name: str) -> None:
    assert sorted(MAPS[name]) == sorted(State)


def test_each_event_of_a_delivery_is_that_of_a_state() -> None:
    assert {one for one in events.EVENTS if one.startswith("delivery.")} <= set(events._EVENT_OF.values())


def test_every_step_that_is_timed_and_every_group_has_a_word() -> None:
    assert set(labels.STEPS) == set(states.TIMED_STEPS)
    assert set(labels.OUTCOMES) == set(states.OUTCOMES)
    assert set(labels.LIST_GROUPS) == {*states.LIST_GROUPS, states.TO_CHOOSE}


def test_every_choice_of_a_policy_has_a_word() -> None:
    assert {name: tuple(answers) for name, (_, answers) in labels.POLICIES.items()} == policies.CHOICES


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_wish_of_a_person_has_a_word(lang: Language) -> None:
    assert set(LABELS.texts(lang)["wish"]) == set(states.WISHES)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_state_of_a_connection_has_a_word(lang: Language) -> None:
    assert set(words(lang)["connection"]) == set(ConnectionState)


def test_a_template_asks_for_no_state_of_a_delivery_that_there_is_not() -> None:
    pages = [one.read_text() for one in Path(instroom.__file__).parent.glob("doors/web/**/*.html")]
    asked = {word for page in pages for word in re.findall(r'\bdelivery\.state == "([a-z-]+)"', page)}
    assert asked
    assert asked <= set(State)
