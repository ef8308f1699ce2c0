// From view to view of a step without opening the page anew. Without this script
// the links do the same by opening it.

export const moving = {
  start(page, on) {
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
    on(window, "popstate", () => {
      const view = new URLSearchParams(location.search).get("view") || "";
      if (page.root.dataset.view && view !== page.root.dataset.view) page.send({ kind: "view", view, back: true });
    });
  },

  replies: {
    // The words that stand around a view.
    parts(page, parts) { for (const [id, html] of Object.entries(parts)) page.patch(id, html); },

    view(page, { id, address }, sent) {
      page.root.dataset.view = id;
      if (!sent) return;
      if (!sent.back && page.onServer()) history.pushState(null, "", address);
      const first = page.find("wg-content").querySelector("h2, h3");
      if (first) { first.tabIndex = -1; first.focus({ preventScroll: true }); }
      page.root.scrollIntoView();
    },
  },
};

// Whether a link leads to this step: its address is the one the page has.
function here(page, link) {
  return !page.onServer() || link.pathname === location.pathname;
}
