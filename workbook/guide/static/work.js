// Long work that the kernel does: a bar and a line that change, a button that stops it, and a sentence now and then
// for those who listen. The bar and the line are no live region, or a screen reader would speak all the time.

export const work = {
  // Work that was begun before this page was opened.
  start(page) { if (page.find("wg-work-pack")) page.send({ kind: "work-look" }); },

  actions: {
    "work-stop": (page, button) => {
      button.setAttribute("aria-disabled", "true"); // and keeps the focus
      const act = STOPS.get(button.dataset.where);
      if (act) act(page); else page.send({ kind: "work-stop", where: button.dataset.where });
    },
  },

  replies: {
    work(page, told) { showWork(page, told); },
  },
};

// What stops the work of a place, where it is not the kernel that does it.
export const STOPS = new Map();

// Shows where a piece of work is; ``told`` is {where, title, line, at, of, over, aloud}.
export function showWork(page, told) {
  const box = page.find(`wg-work-${told.where}`);
  if (!box) return;
  const spoken = page.find(`wg-work-${told.where}-said`);
  if (spoken && told.aloud) spoken.textContent = told.aloud;
  if (told.over) { workEnded(page, box, told); return; }
  if (!box.querySelector("progress")) workBegun(page, box, told);
  else if (box.querySelector("progress").getAttribute("aria-label") !== told.title) workRenamed(page, box, told);
  const bar = box.querySelector("progress");
  if (told.of) { bar.max = told.of; bar.value = told.at; } else bar.removeAttribute("value");
  const part = told.of && !told.share ? ` Part ${told.at} of ${told.of}.` : "";
  box.querySelector("p").textContent = told.line + part;
}

function workBegun(page, box, told) {
  const had = document.activeElement; // the button that began it stays where it is
  const line = document.createElement("p");
  line.id = `wg-work-${told.where}-line`;
  const bar = document.createElement("progress");
  bar.setAttribute("aria-label", told.title);
  bar.setAttribute("aria-describedby", line.id);
  const stop = document.createElement("button");
  stop.type = "button";
  stop.className = "wg-quiet";
  stop.dataset.action = "work-stop";
  stop.dataset.where = told.where;
  stop.append("Stop", unseenWords(`: ${told.title.toLowerCase()}`));
  box.replaceChildren(line, bar, " ", stop);
  const spoken = page.find(`wg-work-${told.where}-said`);
  if (spoken) spoken.textContent = `${told.title}: begun.`;
  if (had && had.isConnected) had.focus({ preventScroll: true });
}

// One piece of work follows another in the same place; the button keeps the focus.
function workRenamed(page, box, told) {
  box.querySelector("progress").setAttribute("aria-label", told.title);
  const stop = box.querySelector("button");
  stop.removeAttribute("aria-disabled");
  stop.querySelector(".wg-unseen").textContent = `: ${told.title.toLowerCase()}`;
}

// Whoever stood on the button that stops it stands on what is said then.
function workEnded(page, box, told) {
  const inside = box.contains(document.activeElement);
  const line = document.createElement("p");
  line.tabIndex = -1;
  line.className = told.over === "failed" ? "wg-alert" : "wg-work-over";
  line.textContent = told.line;
  box.replaceChildren(line);
  if (inside) line.focus();
}

function unseenWords(words) {
  const span = document.createElement("span");
  span.className = "wg-unseen";
  span.textContent = words;
  return span;
}
