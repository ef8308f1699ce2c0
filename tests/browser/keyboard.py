"""A person at a keyboard: moves to controls by what they are and what they are called, and sees where the focus is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.browser.pages import until

_FAR = 600  # presses after which a control counts as out of reach

# What the focus is on, and whether a person can see it: a mark around it, and at least a part of it not covered.
_LOOK = """targets => {
  const e = document.activeElement;
  const told = e.outerHTML.slice(0, 160);
  const at = targets.findIndex((t) => t === e || (t.tagName === "SUMMARY" && t === e));
  const away = targets.length && targets[0].isConnected ? targets[0].compareDocumentPosition(e) : 0;
  const before = Boolean(away & Node.DOCUMENT_POSITION_FOLLOWING);
  if (e === document.body) return { at, before, told, fault: "" };
  const style = getComputedStyle(e);
  const marked = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none";
  const boxes = [...e.getClientRects()].filter((r) => r.width && r.height);
  const points = boxes.flatMap((r) => [0.1, 0.5, 0.9].flatMap((x) => [0.15, 0.5, 0.85].map((y) => [
    Math.max(r.left, 0) + x * (Math.min(r.right, innerWidth) - Math.max(r.left, 0)),
    Math.max(r.top, 0) + y * (Math.min(r.bottom, innerHeight) - Math.max(r.top, 0))])));
  const seen = points.some(([x, y]) => {
    if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) return false;
    const hit = document.elementFromPoint(x, y);
    return hit && (e.contains(hit) || (hit.closest("label") && hit.closest("label").control === e));
  });
  const fault = !marked ? "no mark shows the focus" : !seen ? "the focus is hidden" : "";
  return { at, before, told, fault };
}"""


class Keyboard:
    """Does on a page what the keyboard can do, and nothing else."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def find(
        self, role: str, name: Any, *, exact: bool = False, within: Any = None, last: bool = False
    ) -> Any:
        """A control by its role and name; "summary" is what folds and unfolds."""
        ground = within or self.page
        if role == "summary":  # noqa: SIM108
            found = ground.locator("summary").filter(has_text=name)
        else:
            found = ground.get_by_role(role, name=name, exact=exact)
        return found.last if last else found.first

    def to(self, role: str, name: Any, **how: Any) -> Any:
        """Tab, forwards or backwards, to a control; fails where it is out of reach or the focus is not to be seen."""
        target = self.find(role, name, **how)
        target.wait_for()
        backwards: bool | None = None
        for _ in range(_FAR):
            handles = target.element_handles()
            seen = self.page.evaluate(_LOOK, handles)
            if backwards is not None:
                assert not seen["fault"], f"{seen['fault']}: {seen['told']}"
            if seen["at"] >= 0:
                return target
            if backwards is None:
                backwards = seen["before"]
            self.page.keyboard.press("Shift+Tab" if backwards else "Tab")
            if backwards and self.page.evaluate("document.activeElement === document.body"):
                backwards = False
        raise AssertionError(f"{role} “{name}” is not reached by Tab; the focus is on {seen['told']}")

    def press(self, role: str, name: Any, key: str = "Enter", **how: Any) -> None:
        """Go to a control and use it."""
        self.to(role, name, **how)
        self.page.keyboard.press(key)

    def write(self, role: str, name: Any, text: str, **how: Any) -> Any:
        """Go to a field, replace what it holds, and leave it."""
        target = self.to(role, name, **how)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)
        self.page.keyboard.press("Tab")
        return target

    def choose(self, name: Any, label: str, **how: Any) -> None:
        """Go to a list that folds down and choose by typing what an entry begins with."""
        self.to("combobox", name, **how)
        self.page.keyboard.type(label)
        self.page.keyboard.press("Tab")

    def pick(self, group: Any, label: str) -> None:
        """Go to a group of radio buttons and move with the arrows to one of them."""
        box = self.page.get_by_role("group", name=group, exact=True).first
        radios = box.get_by_role("radio")
        wanted = box.get_by_role("radio", name=label, exact=True).first
        checked = box.get_by_role("radio", checked=True)
        first = checked.first if checked.count() else radios.first
        self._step_to(first)
        if not checked.count():
            self.page.keyboard.press("Space")
        for _ in range(radios.count()):
            if wanted.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        assert wanted.is_checked(), f"the arrows do not lead to “{label}”"

    def _step_to(self, target: Any) -> None:
        backwards: bool | None = None
        for _ in range(_FAR):
            seen = self.page.evaluate(_LOOK, target.element_handles())
            if seen["at"] >= 0:
                return
            if backwards is None:
                backwards = seen["before"]
            self.page.keyboard.press("Shift+Tab" if backwards else "Tab")
        raise AssertionError(f"not reached by Tab: {target}")

    def unfold(self, name: Any, **how: Any) -> Any:
        """Go to what is folded and open it."""
        target = self.to("summary", name, **how)
        if not target.evaluate("e => e.parentElement.open"):
            self.page.keyboard.press("Enter")
        return target.locator("xpath=..")

    def file(self, name: Any, content: dict[str, Any] | Path | list[Any], **how: Any) -> None:
        """Go to a field for files, open the chooser of the browser and choose."""
        field = self.page.get_by_label(name).and_(self.page.locator("input[type=file]")).first
        self._step_to(how.get("target") or field)
        with self.page.expect_file_chooser() as chooser:
            self.page.keyboard.press("Enter")
        chooser.value.set_files(content)

    def onward(self) -> str:
        """Follow “Next” to the following view; its heading, which has the focus then. "" at the end of the step."""
        ways = self.page.get_by_role("navigation", name="Back and on")
        entry = ways.get_by_role("listitem").filter(has_text="Next")
        if not entry.count() or entry.first.inner_text().startswith("Next step"):
            return ""
        link = entry.first.get_by_role("link")
        title = link.inner_text().strip()
        self._step_to(link)
        self.page.keyboard.press("Enter")
        until(
            self.page,
            "() => /^H[1-6]$/.test(document.activeElement.tagName) && document.activeElement.closest('#wg-content') !== null",
        )
        return title
