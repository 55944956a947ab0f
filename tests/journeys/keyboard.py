"""A person without a mouse: presses keys, and nothing else."""

import re

from playwright.sync_api import Page

_MOST = 90  # presses of Tab to come anywhere on a page
_SEEN = """() => {
  const box = document.activeElement.getBoundingClientRect();
  return box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight;
}"""
_FOCUSED = (
    f"() => {{ const seen = {_SEEN};"
    """
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const shown = getComputedStyle(one);
  const label = one.labels && one.labels[0];
  return {
    name: (one.getAttribute('aria-label') || (label || one).innerText || one.value || '').trim().replace(/\\s+/g, ' '),
    place: [...document.querySelectorAll('*')].indexOf(one),
    outlined: shown.outlineStyle !== 'none' && parseFloat(shown.outlineWidth) >= 2,
    seen: seen(),
  };
}"""
)


class Keyboard:
    """The keys of one page. What has the focus must show it (WCAG 2.4.7), be on the screen, and come in the order of
    the page (2.4.3)."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, name: str, key: str = "Tab") -> "Keyboard":
        """Go on to what is called so: a pattern of the whole name."""
        passed = []
        before = -1
        for _ in range(_MOST):
            self.page.keyboard.press(key)
            focused = self.page.evaluate(_FOCUSED)
            if focused is None:
                before = -1  # past the end of the page
                continue
            place = focused["place"]
            within = place == before  # the parts of a time are the browser's own, and so is what shows their focus
            assert within or focused["outlined"], f"no focus is seen at {focused['name']}"
            if not focused["seen"]:
                self.page.wait_for_function(_SEEN)  # the page may still scroll
            assert place >= before or key != "Tab", f"{focused['name']} comes before {passed[-1]}"
            passed.append(focused["name"])
            before = place
            if re.fullmatch(name, focused["name"]):
                return self
        raise AssertionError(f"no way to {name}: {passed}")

    def press(self, *keys: str) -> "Keyboard":
        """Press keys where the focus is."""
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def write(self, text: str) -> "Keyboard":
        """Type over what stands in the field."""
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)
        return self

    def follow(self, name: str) -> "Keyboard":
        """Go to a link or a button, and press it; the next page has been loaded then."""
        self.to(name)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        return self
