// What was typed and is not saved yet is kept with this tab: over a lost connection, a dead kernel, a reload. It is
// saved as soon as there is a kernel to save it, on the plan that its person saw; what is refused stays with its field.

import { fieldId } from "./places.js";

const MOMENT = 300; // milliseconds after the last key

export const unsaved = {
  start(page, on) {
    let later = 0;
    on(page.el, "input", ({ target }) => {
      if (!target.dataset.path || target.defaultValue === undefined || ["radio", "checkbox", "file"].includes(target.type)) return;
      if (!target.dataset.base) target.dataset.base = page.shown();
      clearTimeout(later);
      later = setTimeout(() => { // saved in the meantime, there is nothing to keep
        if (target.dataset.base) holdOn(page, target.dataset.path, page.value(target), Number(target.dataset.base));
      }, MOMENT);
    });
    on(window, "pagehide", () => { clearTimeout(later); page.flush(); });
    on(window, "beforeunload", (event) => {
      page.flush();
      if (page.reloading || !page.lost || !Object.keys(heldBack(page)).length) return;
      event.preventDefault(); // closing the tab would drop what is kept with it
    });
    bringBack(page);
  },
};

// Opens the page again from the server.
export function again(page) { page.flush(); page.waiting.clear(); page.reloading = true; location.reload(); }

export function holdOn(page, path, value, base) { writeHeld(page, { ...heldBack(page), [path]: [value, base] }); }

// A change that waits for a choice between two is kept with the browser: it is there also when the tab was closed.
export function setAside(page, path) {
  const held = heldBack(page)[path];
  if (held) writeAside(page, { ...aside(page), [path]: held });
}

export function drop(page, path) {
  const { [path]: waiting, ...others } = aside(page);
  if (waiting !== undefined) writeAside(page, others);
  const { [path]: gone, ...rest } = heldBack(page);
  if (gone === undefined) return;
  writeHeld(page, rest);
  if (!Object.keys(rest).length) page.quiet("unsaved");
}

const shelf = (page) => `workbook-unsaved ${page.root.dataset.plan} ${page.root.dataset.step}`;

function heldBack(page) {
  try {
    const held = JSON.parse(sessionStorage.getItem(shelf(page)) || "{}");
    return held && !Array.isArray(held) ? held : {};
  } catch { return {}; }
}

function aside(page) {
  try { return JSON.parse(localStorage.getItem(shelf(page)) || "{}") || {}; } catch { return {}; }
}

function writeAside(page, held) {
  try {
    if (Object.keys(held).length) localStorage.setItem(shelf(page), JSON.stringify(held));
    else localStorage.removeItem(shelf(page));
  } catch { /* nothing can be kept here */ }
}

function writeHeld(page, held) {
  try {
    if (Object.keys(held).length) sessionStorage.setItem(shelf(page), JSON.stringify(held));
    else sessionStorage.removeItem(shelf(page));
  } catch { /* nothing can be kept here */ }
}

// What an earlier life of this tab could not save is put into its fields and saved now.
function bringBack(page) {
  const kept = { ...aside(page), ...heldBack(page) };
  const held = Object.entries(kept);
  if (!held.length) return;
  writeHeld(page, kept);
  held.forEach(([path, [value, base]]) => {
    const control = page.find(fieldId(path));
    if (control && typeof value === "string" && "value" in control) { control.value = value; control.dataset.dirty = "1"; }
    page.send({ kind: "change", path, value, base });
  });
  page.last = fieldId(held[0][0]);
  const count = held.length === 1 ? "One answer that was" : `${held.length} answers that were`;
  const words = `${count} typed before this page was opened again and not saved then: saving now.`;
  page.tell(words);
  page.note("unsaved", words, [["Close", () => page.quiet("unsaved")]]);
}
