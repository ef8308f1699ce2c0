// Undo and redo of what was changed in this tab, revision by revision. The list is kept with the tab, so that it
// survives a reload and the way to another step. A revision is taken back by the kernel, which refuses where somebody
// changed the place since.

const MOST_UNDONE = 100;

export const undo = {
  start(page, on) {
    on(document, "keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || isText(event.target)) return;
      const key = event.key.toLowerCase();
      const way = key === "y" || (key === "z" && event.shiftKey) ? "redo" : key === "z" ? "undo" : "";
      if (!way || page.el.querySelector("dialog[open]") || !taken(page)[way].length) return;
      event.preventDefault();
      takeBack(page, way);
    });
    showDoing(page);
  },

  actions: { undo: (page) => takeBack(page, "undo"), redo: (page) => takeBack(page, "redo") },

  edits: ["undo"],

  replies: {
    // A change is saved: from now on it can be taken back.
    did(page, { revision, called }, sent) {
      const lists = taken(page);
      if (sent && sent.kind === "undo") {
        const [, words] = takeOut(lists[sent.way], sent.revision);
        lists[sent.way === "undo" ? "redo" : "undo"].push([revision, words]);
        page.tell(`${sent.way === "undo" ? "Undone" : "Done again"}: ${words}.`);
      } else {
        lists.undo.push([revision, called]);
        lists.redo = [];
      }
      keepTaken(page, lists);
    },

    // The kernel has looked at a revision; where nothing was saved it cannot be taken back any more.
    undid(page, revision, sent, reply) {
      if (reply.did || !sent) return;
      const lists = taken(page);
      takeOut(lists[sent.way], revision);
      keepTaken(page, lists);
    },

    // Names were taken out of all revisions: what changes were called may hold one.
    forgot(page) { keepTaken(page, { undo: [], redo: [] }); page.tell("The names are removed."); },

    parts: (page) => showDoing(page),
    page: (page) => showDoing(page),
  },
};

function takeBack(page, way) {
  const list = taken(page)[way];
  if (!list.length || page.lost) return;
  page.flush();
  if (page.saving()) { page.tell("A change is being saved. Try again in a moment."); return; }
  page.send({ kind: "undo", revision: list[list.length - 1][0], way });
}

function takeOut(list, revision) {
  const at = list.findLastIndex(([number]) => number === revision);
  return at < 0 ? [revision, "the last change"] : list.splice(at, 1)[0];
}

const doneIn = (page) => `workbook-undo ${page.root.dataset.plan}`;

function taken(page) {
  try {
    const { undo: done = [], redo = [] } = JSON.parse(sessionStorage.getItem(doneIn(page)) || "{}");
    return { undo: done, redo };
  } catch { return { undo: [], redo: [] }; }
}

function keepTaken(page, lists) {
  const kept = { undo: lists.undo.slice(-MOST_UNDONE), redo: lists.redo.slice(-MOST_UNDONE) };
  try { sessionStorage.setItem(doneIn(page), JSON.stringify(kept)); } catch { /* nothing can be kept here */ }
  showDoing(page);
}

function showDoing(page) {
  const lists = taken(page);
  const locked = Boolean(page.el.querySelector(".wg-locked"));
  [["undo", "Undo"], ["redo", "Redo"]].forEach(([way, word]) => {
    const button = page.find(`wg-${way}`);
    if (!button) return;
    const last = lists[way][lists[way].length - 1];
    const had = button === document.activeElement;
    button.hidden = !last || locked;
    button.textContent = last ? `${word}: ${last[1]}` : word;
    button.title = button.textContent;
    if (had && button.hidden) page.find(way === "undo" && !page.find("wg-redo").hidden ? "wg-redo" : "wg-history").focus();
  });
}

// Whether a control has an undo of its own.
function isText(control) {
  if (!control.matches) return false;
  return control.isContentEditable || control.matches("textarea, input:not([type=radio], [type=checkbox], [type=file], [type=button])");
}
