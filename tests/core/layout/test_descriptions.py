"""What is said about columns exists in both languages, with the same places for facts."""

from string import Formatter

from instroom.core.layout.descriptions import WORDS


def places(texts: object, where: str = "") -> dict[str, set[str]]:
    """Code → the facts that its text asks."""
    if isinstance(texts, str):
        return {where: {name for _, name, _, _ in Formatter().parse(texts) if name}}
    within = texts.items() if isinstance(texts, dict) else enumerate(texts)  # type: ignore[arg-type, var-annotated]
    return {code: facts for key, text in within for code, facts in places(text, f"{where}.{key}").items()}


def test_both_languages_say_the_same() -> None:
    assert places(WORDS.texts("nl")) == places(WORDS.texts("en"))
