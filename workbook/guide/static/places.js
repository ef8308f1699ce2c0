// Places of the plan and the elements that ask for them.

export const fieldId = (path) => (path.startsWith("/") ? "q" + path.replace(/[^A-Za-z0-9]+/g, "-") : path);

// The id that an address names; "" where it is not written as an address is.
export function named(hash) { try { return decodeURIComponent((hash || "").slice(1)); } catch { return ""; } }

// The id of a control when row ``gone`` of its list has left: "" in that row itself, one less in the rows below it.
export function movedUp(id, list, gone) {
  const row = id.startsWith(list) ? Number.parseInt(id.slice(list.length), 10) : NaN;
  if (Number.isNaN(row) || row < gone) return id;
  return row === gone ? "" : list + (row - 1) + id.slice(list.length + String(row).length);
}

// Gives the controls of a row the ids and places of another row.
export function renumber(row, path, was, now) {
  const move = (text, stem, joint) => (text === `${stem}${joint}${was}` || text.startsWith(`${stem}${joint}${was}${joint}`)
    ? `${stem}${joint}${now}${text.slice(`${stem}${joint}${was}`.length)}` : text);
  const names = { id: "-", for: "-", name: "-", "aria-describedby": "-", "data-path": "/", "data-box": "/", "data-row": "/" };
  row.querySelectorAll("*").forEach((e) => Object.entries(names).forEach(([name, joint]) => {
    const text = e.getAttribute(name);
    if (text) e.setAttribute(name, text.split(" ").map((part) => move(part, joint === "/" ? path : fieldId(path), joint)).join(" "));
  }));
}

// Whether a part that is not fetched yet holds the control with an id.
export function holds({ dataset }, id) {
  const stem = dataset.covers.split(" ").find((start) => id.startsWith(start));
  if (stem === undefined || dataset.from === undefined) return stem !== undefined;
  const n = Number.parseInt(id.slice(stem.length), 10);
  return n >= Number(dataset.from) && n < Number(dataset.to);
}

// Half a date: a part is missing, or the year has not got its four digits yet.
export const halfDated = (control) => control.type === "date" && (control.validity.badInput || (control.value !== "" && control.value < "1000"));

// Text without halves of characters, which no message can carry.
export const whole = (text) => (text.toWellFormed ? text.toWellFormed() : text);
