// The history of the plan: who changed what and when, the way back to a revision, names of people taken out; and the
// way to open a plan again that has been signed.

import { askFirst, closePanel, openPanel } from "./dialog.js";

export const past = {
  start(page, on) {
    page.el.addEventListener("toggle", (event) => lookUp(page, event.target), { capture: true });
  },

  edits: ["back", "reopen", "names-remove"],

  actions: {
    history(page) { openPanel(page, "History of changes").textContent = "Being looked up."; page.send({ kind: "history" }); },
    "history-more": (page, button) => page.send({ kind: "history", before: Number(button.dataset.before) }),
    back: (page, button) => page.send({ kind: "back-asked", revision: Number(button.dataset.revision) }),
    reopen,
    names(page) { openPanel(page, "Remove names of people").textContent = "Being looked up."; page.send({ kind: "names" }); },
    "names-remove": removeNames,
  },

  replies: {
    history(page, { before, html }) {
      const inside = panelInside(page);
      if (!inside) return;
      if (!before) { inside.innerHTML = html; return; }
      const list = page.find("wg-past");
      const more = list && list.lastElementChild;
      const held = document.createElement("ol");
      held.innerHTML = html;
      const first = held.querySelector("summary");
      if (more) more.replaceWith(...held.children);
      if (first) first.focus();
    },

    past(page, { of, html }) {
      const list = page.el.querySelector(`[data-past="${CSS.escape(of)}"] > ol`);
      if (list) list.innerHTML = html;
    },

    async back(page, { revision, seen, html }) {
      const yes = await askFirst(page, { title: `Go back to revision ${revision}?`, html, yes: "Yes, go back to it", no: "No, leave the plan as it is" });
      if (yes) { closePanel(page); page.send({ kind: "back", revision, seen }); }
    },

    names(page, html) {
      const inside = panelInside(page);
      if (!inside) return;
      inside.innerHTML = html;
      page.find("wg-panel-title").focus();
    },
  },
};

function panelInside(page) {
  const box = page.find("wg-panel");
  return box && box.open ? box.children[1] : null;
}

// What a line of the history holds is looked up when it is opened first.
function lookUp(page, part) {
  const { past: of, asked } = part.dataset || {};
  if (!of || asked || !part.open) return;
  part.dataset.asked = "1";
  const [first, last] = of.split("-").map(Number);
  page.send({ kind: "past", first, last });
}

async function reopen(page) {
  const given = await askFirst(page, {
    title: "Reopen the plan?",
    sentence: "The four signatures are taken back, and that is written down as a decision of the plan, with today's date and your name. Everybody who signed has to sign again.",
    field: { label: "Why is it opened again?", hint: "Kept with the decision and printed with it.", problem: "Say why the plan is opened again." },
    yes: "Yes, reopen the plan",
    no: "No, leave it signed",
  });
  if (given) page.send({ kind: "reopen", reason: given.text });
}

async function removeNames(page) {
  const names = [...page.find("wg-panel").querySelectorAll('input[name="wg-names"]:checked')].map((box) => box.value);
  const wrong = page.find("wg-names-e");
  wrong.hidden = names.length > 0;
  if (!names.length) { wrong.textContent = "Error: Tick the names to remove."; page.find("wg-panel").querySelector('input[name="wg-names"]').focus(); return; }
  const packs = page.find("wg-names-packs");
  const yes = await askFirst(page, {
    title: "Remove these names?",
    sentence: `${names.join(", ")}: removed from the plan and from every kept revision. This cannot be taken back.`,
    yes: "Yes, remove them",
    no: "No, keep them",
  });
  if (yes) page.send({ kind: "names-remove", names, packs: Boolean(packs && packs.checked) });
}
