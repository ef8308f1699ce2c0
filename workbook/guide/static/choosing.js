// Choosing a plan, or making one.

export const choosing = {
  start(page, on) {
    on(page.el, "input", (event) => { if (event.target.id === "wg-search") search(page, event.target.value); });
    // In the form for a new plan Enter does what its button does; in the list of areas it picks one.
    on(page.el, "keydown", (event) => {
      const name = event.target.dataset.new;
      if (event.key === "Enter" && name && name !== "area") { event.preventDefault(); create(page); }
    });
  },

  actions: {
    copy(page, button) {
      const title = button.dataset.title && page.find(button.dataset.title);
      making(page, button, "The copy is being made.");
      page.send({ kind: "copy", name: button.dataset.name || "", title: title ? title.value : "" });
    },
    open: (page, button) => page.send({ kind: "open", name: button.dataset.name }),
    restore: (page, button) => page.send({ kind: "restore", name: button.dataset.name }),
    create,
  },

  replies: {
    errors: (page) => { const said = page.find("wg-making"); if (said) said.remove(); },
    alert: (page) => { const said = page.find("wg-making"); if (said) said.remove(); },
  },
};

// Says beside a button that something is under way: a new plan takes seconds on a busy machine.
function making(page, button, words) {
  const said = page.find("wg-making") || document.createElement("p");
  said.id = "wg-making";
  said.className = "wg-hint";
  said.setAttribute("role", "status");
  button.after(said);
  setTimeout(() => { said.textContent = words; }, 50); // a live region is read when it changes, not when it comes
}

// Shows the plans that hold every word typed, and says how many there are.
function search(page, typed) {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const rows = [...page.find("wg-plans").children];
  rows.forEach((row) => { row.hidden = !words.every((word) => row.dataset.search.includes(word)); });
  const shown = rows.filter((row) => !row.hidden).length;
  page.find("wg-search-said").textContent = words.length ? `${shown} of ${rows.length} plans.` : `${rows.length} plans, saved last first.`;
}

function create(page) {
  const values = {};
  page.el.querySelectorAll("[data-new]").forEach((c) => { values[c.dataset.new] = c.value; page.problems.mark(c.id, ""); });
  making(page, page.el.querySelector('[data-action="create"]'), "The plan is being made.");
  page.send({ kind: "create", values });
}
