// What others do to the plan meanwhile: it is said and shown; where two changed one place, a person chooses.

import { fieldId } from "./places.js";
import { setAside } from "./unsaved.js";

export const conflicts = {
  edits: ["settle"],

  actions: {
    settle(page, button) {
      const { name } = button.dataset;
      const choices = {};
      page.find(`wg-conflict-${name}`).querySelectorAll("fieldset[data-conflict]").forEach((place) => {
        const chosen = place.querySelector("input:checked");
        if (chosen) choices[place.dataset.conflict] = chosen.value;
      });
      page.send({ kind: "settle", name, choices });
    },
  },

  replies: {
    meanwhile(page, sentence) {
      page.others = true;
      page.tell(sentence);
      page.note("meanwhile", sentence, [["Close", () => page.quiet("meanwhile")]]);
    },

    // A change that met another one: its field keeps what was typed, and the choice stands above the page.
    conflict(page, { name, path }) {
      page.colliding.set(name, path);
      setAside(page, path);
      page.quiet("meanwhile");
      page.status("Not saved: somebody else changed the same place");
      page.alert("conflict", "Somebody else changed the same place. Your change is kept: choose which of the two to keep.", [
        ["Compare and choose", () => goTo(page, name)],
      ]);
    },

    unchosen(page, { name, sentence }) {
      const wrong = page.find(`wg-conflict-${name}-e`);
      if (!wrong) return;
      wrong.textContent = `Error: ${sentence}`;
      wrong.hidden = false;
      const open = [...page.find(`wg-conflict-${name}`).querySelectorAll("fieldset")].find((place) => !place.querySelector("input:checked"));
      if (open) open.querySelector("input").focus();
    },

    settled(page, name) {
      const path = page.colliding.get(name);
      page.colliding.delete(name);
      if (path) { page.letGo(path); asSaved(page, path); }
      if (page.colliding.size) return;
      page.quiet("conflict");
      const field = path && page.find(fieldId(path));
      if (field) field.focus(); else page.find("wg-history").focus();
    },
  },
};

function goTo(page, name) {
  const box = page.find(`wg-conflict-${name}`) || page.el.querySelector(".wg-conflict");
  if (!box) return;
  box.focus({ preventScroll: true });
  ["conflict", "meanwhile"].forEach((kind) => page.quiet(kind)); // they would stand before it
  box.style.scrollMarginTop = `${page.find("wg-alerts").offsetHeight + 16}px`;
  box.scrollIntoView({ block: "start" });
}

// The field of a settled place shows again what the plan holds.
function asSaved(page, path) {
  page.el.querySelectorAll(`[data-path="${CSS.escape(path)}"]`).forEach((control) => {
    delete control.dataset.dirty;
    if (control.type === "radio" || control.type === "checkbox") control.checked = control.defaultChecked;
    else if (control.tagName === "SELECT") [...control.options].forEach((option) => { option.selected = option.defaultSelected; });
    else if (control.defaultValue !== undefined) control.value = control.defaultValue;
  });
}
