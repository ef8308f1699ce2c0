"use strict";
(() => {
  const say = document.getElementById("said");
  const form = document.getElementById("filter");
  const value = (row, n) => row.cells[n].textContent.trim();
  const figure = (text) => {
    const plain = text.replace(/,/g, "");
    return plain !== "" && isFinite(plain) ? Number(plain) : null;
  };
  const sort = (table, head, n) => {
    const down = head.getAttribute("aria-sort") === "ascending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const body = table.tBodies[0];
    const numbers = head.dataset.kind === "n";
    const rows = [...body.rows].map((row, place) => {
      const text = value(row, n);
      return { row, place, key: numbers ? figure(text) : text.toLowerCase() };
    });
    rows.sort((a, b) => {
      const none = (x) => x.key === null || x.key === "";
      if (none(a) || none(b)) return none(a) - none(b) || a.place - b.place;
      const order = numbers ? a.key - b.key : a.key.localeCompare(b.key, "en-GB");
      return (down ? -order : order) || a.place - b.place;
    });
    body.append(...rows.map((one) => one.row));
    const rest = numbers ? "; areas without a figure last" : "";
    say.textContent = `Sorted by ${head.textContent.trim()}, ${down ? "descending" : "ascending"}${rest}.`;
  };
  for (const table of document.querySelectorAll("table[data-sort]")) {
    [...table.tHead.rows[0].cells].forEach((head, n) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => sort(table, head, n));
    });
  }
  const filter = () => {
    const words = form.elements.words.value.trim().toLowerCase();
    const status = form.elements.status.value;
    const only = form.elements.only.checked;
    const areas = new Set();
    let rows = 0;
    for (const row of document.querySelectorAll("table[data-sort] tbody tr")) {
      const name = row.cells[0].textContent.toLowerCase();
      const fits = (!words || name.includes(words)) && (!status || value(row, 1) === status) &&
        (!only || row.hasAttribute("data-out"));
      row.hidden = !fits;
      if (fits) { rows += 1; areas.add(row.cells[0].textContent); }
    }
    say.textContent = `${areas.size} ${areas.size === 1 ? "area" : "areas"} shown, ${rows} ${rows === 1 ? "row" : "rows"} in all tables.`;
  };
  let wait;
  form.hidden = false;
  form.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(filter, 200); });
  form.addEventListener("submit", (event) => { event.preventDefault(); filter(); });
})();
