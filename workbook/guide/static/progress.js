// How far plans and steps have come: asked for when the page is live and nobody is busy, one step or plan at a time,
// because working it out takes a moment.

const AT_FIRST = 1500;
const AFTER_A_CHANGE = 10000;
const AT_MOST_EVERY = 60000;

export const progress = {
  start(page, on) {
    page.progress = { due: 0, last: 0, revision: "" };
    on(window, "pagehide", () => clearTimeout(page.progress.due));
    soon(page, AT_FIRST);
  },

  replies: {
    more(page, more) { if (more) soon(page, 50); },
    saved(page) {
      const since = Date.now() - page.progress.last;
      if (page.root.dataset.plan) soon(page, Math.max(AFTER_A_CHANGE, AT_MOST_EVERY - since));
    },
  },
};

function soon(page, wait) {
  clearTimeout(page.progress.due);
  page.progress.due = setTimeout(() => ask(page), wait);
}

function ask(page) {
  if (page.lost || page.saving() || document.hidden) { soon(page, AFTER_A_CHANGE); return; }
  page.progress.last = Date.now();
  // Not by page.send: the answer settles nothing that a person did.
  page.model.send({ id: `progress-${Date.now()}`, kind: "progress" });
}
