"""Where the pages are: the notebook of each step, and the address of a step for a plan."""

from __future__ import annotations

import os
from urllib.parse import parse_qs, quote

# The step of each notebook, in the order of the workbook. Those that are not
# shipped yet are left out of the way through the steps.
NOTEBOOKS = {
    "start": ("0_start.ipynb", "Start"),
    "needs": ("1_needs.ipynb", "Needs"),
    "ambitions": ("2_ambitions.ipynb", "Ambitions"),
    "budget": ("3_budget.ipynb", "Budget"),
    "decommissioning": ("4_decommissioning.ipynb", "Decommissioning"),
    "plan": ("9_plan.ipynb", "The plan"),
}


def of(step_id: str, name: str = "", *, view: str = "", at: str = "", anchor: str = "") -> str:
    """The address of a step for a plan, relative to the page one is on.

    ``view`` names a view of the step, ``at`` a place of the plan whose question is to be in view, ``anchor`` the id of
    an element there.
    """
    notebook = NOTEBOOKS.get(step_id, NOTEBOOKS["plan"])[0]
    asked = "&".join(
        f"{key}={quote(value)}" for key, value in (("plan", name), ("view", view), ("at", at)) if value
    )
    return f"{notebook}{'?' + asked if asked else ''}{'#' + anchor if anchor else ''}"


def served() -> bool:
    """Whether the page stands on its own server, where links lead from step to step."""
    return os.environ.get("SERVER_SOFTWARE", "").startswith("voila")


def asked() -> dict[str, str]:
    """What the address of the page asks for: ``plan``, ``view`` and ``at``, each "" where it is not named.

    A kernel that was started ahead of its visitor waits for one first. Only
    QUERY_STRING is read: the other variables may still hold the visit before.
    """
    if os.environ.get("VOILA_PREHEAT") == "True":
        from voila.utils import wait_for_request

        wait_for_request()
    os.environ.pop("VOILA_REQUEST_URL", None)
    query = parse_qs(os.environ.get("QUERY_STRING", ""))
    return {key: query.get(key, [""])[0] for key in ("plan", "view", "at")}
