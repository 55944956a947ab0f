"""The new value that most dossiers get in a field."""

from instroom.core.language import Language
from instroom.core.layout.standard import standard
from instroom.core.plan.frequent import FrequentValue, frequent_values
from instroom.core.plan.model import Change
from instroom.core.report.notable_text import frequent_text


def changed(after: dict[str, object], action: str = "changed") -> Change:
    return Change("person", "1", 1, ("HR", "p1"), "P1", action, "", 2, {}, after, None, None, None)  # type: ignore[arg-type]


def test_of_each_field_the_most_frequent_value_counts() -> None:
    changes = [changed({"job_title": "Chef", "department": "Oost"})] * 20 + [changed({"job_title": "Kok"})] * 30
    assert frequent_values(changes) == [
        FrequentValue("person", "job_title", "Kok", 30), FrequentValue("person", "department", "Oost", 20),
    ]  # fmt: skip


def test_few_dossiers_new_ones_and_emptied_values_do_not_count() -> None:
    changes = [changed({"job_title": "Chef"})] * 19 + [changed({"job_title": "Chef"}, "new")] * 30
    changes += [changed({"department": "", "categories": [["Team", "Oost"]]})] * 30
    assert frequent_values(changes) == []


def test_it_is_a_sentence() -> None:
    said: dict[Language, str] = {"nl": "1.058 × Functie wordt ‘Chef’", "en": "1,058 × Job title becomes ‘Chef’"}
    for lang, sentence in said.items():
        assert frequent_text(FrequentValue("person", "job_title", "Chef", 1058)._asdict(), standard(), lang) == sentence
    born = FrequentValue("person", "date_of_birth", "1990-01-02", 20)
    assert "‘02-01-1990’" in frequent_text(born._asdict(), standard(), "nl")
