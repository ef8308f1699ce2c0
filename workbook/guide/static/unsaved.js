// What could not be saved is kept in this tab and offered once the page is back.

import { fieldId } from "./places.js";

export const unsaved = {
  start(page, on) {
    on(window, "beforeunload", (event) => {
      if (page.reloading) return;
      page.flush();
      if (!(page.lost && page.saving()) && !page.failed.size) return;
      stash(page);
      event.preventDefault();
    });
    offer(page);
  },
};

// Opens the page again from the server.
export function again(page) { page.flush(); stash(page); page.waiting.clear(); page.reloading = true; location.reload(); }

const shelf = (page) => `workbook-unsaved ${page.root.dataset.plan} ${page.root.dataset.step}`;

function stash(page) {
  const typed = [...page.failed.values(), ...page.waiting.values()].filter((m) => m.kind === "change").map((m) => [m.path, m.value]);
  try { if (typed.length) sessionStorage.setItem(shelf(page), JSON.stringify(typed)); } catch { /* nothing can be kept here */ }
}

function offer(page) {
  let typed = [];
  try { typed = JSON.parse(sessionStorage.getItem(shelf(page)) || "[]"); sessionStorage.removeItem(shelf(page)); } catch { /* nothing was kept */ }
  if (!typed.length) return;
  const done = (save) => () => {
    page.quiet("unsaved");
    if (save) typed.forEach(([path, value]) => page.send({ kind: "change", path, value }));
  };
  page.last = fieldId(typed[0][0]);
  const count = typed.length === 1 ? "One answer was" : `${typed.length} answers were`;
  page.alert("unsaved", `${count} typed while the connection was lost and not saved.`, [["Save now", done(true)], ["Drop", done(false)]]);
}
