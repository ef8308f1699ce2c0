// From view to view of a step without opening the page anew. Without this script
// the links do the same by opening it.

export const moving = {
  start(page, on) {
    entitle(page);
    on(page.el, "click", (event) => {
      const link = event.target.closest("a[data-view], a[data-at]");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      const { view, at } = link.dataset;
      if (view === undefined && !here(page, link)) return; // to a question of another step
      event.preventDefault();
      event.stopPropagation();
      page.flush();
      if (view !== undefined) page.send({ kind: "view", view });
      else page.lead(link.hash.slice(1), at);
    });
    // What is unfolded to be printed is folded again.
    let folded = [];
    on(window, "beforeprint", () => { folded = [...page.el.querySelectorAll(".wg-content details:not([open])")]; });
    on(window, "afterprint", () => { folded.forEach((part) => { part.open = false; }); folded = []; });
    on(window, "popstate", () => {
      const view = new URLSearchParams(location.search).get("view") || "";
      if (page.root.dataset.view && view !== page.root.dataset.view) page.send({ kind: "view", view, back: true });
    });
  },

  actions: {
    // On a narrow screen the menu stands folded behind its button.
    menu: (page, button) => unfold(page, button.getAttribute("aria-expanded") !== "true"),
  },

  replies: {
    // The words that stand around a view.
    parts(page, parts) { for (const [id, html] of Object.entries(parts)) page.patch(id, html); },

    view(page, { id, address }, sent) {
      page.root.dataset.view = id;
      entitle(page);
      if (!sent) return;
      unfold(page, false);
      if (!sent.back && page.onServer()) history.pushState(null, "", address);
      const first = page.find("wg-content").querySelector("h2, h3");
      if (first) { first.tabIndex = -1; first.focus({ preventScroll: true }); }
      window.scrollTo(0, 0);
      present(page);
      if (!page.onServer()) page.root.scrollIntoView();
    },
  },
};

// Whether a link leads to this step: its address is the one the page has.
function here(page, link) {
  return !page.onServer() || link.pathname === location.pathname;
}

// Of a long menu only the section one is in stands unfolded.
function present(page) {
  const link = page.el.querySelector("#wg-views [aria-current=true]");
  page.el.querySelectorAll("#wg-views details").forEach((part) => { part.open = part.contains(link); });
  if (link) link.scrollIntoView({ block: "nearest" });
}

function unfold(page, open) {
  const button = page.el.querySelector(".wg-unfold");
  if (button) button.setAttribute("aria-expanded", String(open));
}

// The title of the page names the view, so that tabs and what a screen reader says first tell them apart.
let stepTitle = "";
function entitle(page) {
  if (!page.onServer()) return;
  stepTitle = stepTitle || document.title.split(" · ")[0];
  const view = page.el.querySelector(".wg-where[data-title]");
  const plan = page.el.querySelector(".wg-plan .wg-plan-title");
  const words = [view && view.dataset.title, stepTitle, plan && plan.textContent, "Commissioning workbook"];
  document.title = words.filter(Boolean).join(" · ");
}
