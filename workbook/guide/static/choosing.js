// Choosing a plan, or making one.

export const choosing = {
  start(page, on) {
    // In the form for a new plan Enter does what its button does; in the list of areas it picks one.
    on(page.el, "keydown", (event) => {
      const name = event.target.dataset.new;
      if (event.key === "Enter" && name && name !== "area") { event.preventDefault(); create(page); }
    });
  },

  actions: {
    copy: (page) => page.send({ kind: "copy" }),
    open: (page, button) => page.send({ kind: "open", name: button.dataset.name }),
    restore: (page, button) => page.send({ kind: "restore", name: button.dataset.name }),
    create,
  },
};

function create(page) {
  const values = {};
  page.el.querySelectorAll("[data-new]").forEach((c) => { values[c.dataset.new] = c.value; page.problems.mark(c.id, ""); });
  page.send({ kind: "create", values });
}
