// What is wrong: beside each field, and together at the top of the page; what was
// refused is kept, so that a field that is drawn again still holds what was typed.

import { fieldId } from "./places.js";

export class Problems {
  constructor(page) {
    this.page = page;
    this.found = new Map(); // control id -> { sentence, path, value }; value only where something typed was refused
  }

  mark(id, sentence, typed = {}) {
    if (sentence) this.found.set(id, { ...typed, sentence }); else this.found.delete(id);
    this.show(id, sentence);
  }

  show(id, sentence) {
    const slot = this.page.find(id + "-e");
    const control = this.page.find(id);
    if (!slot) return;
    slot.textContent = sentence ? `Error: ${sentence}` : "";
    slot.hidden = !sentence;
    const inputs = control && control.tagName === "FIELDSET" ? control.querySelectorAll(`[name="${CSS.escape(id)}"]`) : [control];
    inputs.forEach((c) => c && (sentence ? c.setAttribute("aria-invalid", "true") : c.removeAttribute("aria-invalid")));
    const box = slot.closest(".wg-field, fieldset");
    if (box) box.classList.toggle("wg-wrong", Boolean(sentence));
  }

  // After the page was drawn again.
  again() {
    this.found.forEach(({ sentence, value }, id) => {
      const control = this.page.find(id);
      if (control && typeof value === "string" && "value" in control && !control.dataset.dirty) { control.value = value; control.dataset.dirty = "1"; }
      this.show(id, sentence);
    });
  }

  // A row of a list is gone: what is wrong in it goes too, and what is wrong below it moves up.
  move(renamed) {
    const kept = [...this.found].map(([id, about]) => [renamed(id), about]);
    this.found = new Map(kept.filter(([id]) => id));
    this.list(false);
  }

  clear() { this.found.clear(); }

  list(focus) {
    const box = this.page.find("wg-problems");
    box.hidden = this.found.size === 0;
    if (box.hidden) { box.replaceChildren(); return; }
    const title = document.createElement("h2");
    title.textContent = "There is a problem";
    const list = document.createElement("ul");
    this.found.forEach(({ sentence, path, value }, id) => {
      const link = document.createElement("a");
      link.href = `#${id}`;
      link.textContent = sentence;
      link.addEventListener("click", (e) => { e.preventDefault(); this.page.lead(id, path); });
      const item = document.createElement("li");
      item.append(link);
      if (value !== undefined) item.append(" ", this.dropper(id, sentence));
      list.append(item);
    });
    box.replaceChildren(title, list);
    if (focus) { box.focus(); box.scrollIntoView({ block: "nearest" }); }
  }

  // Nobody has to mend what was refused: the field can have back what was saved, also where it is no longer asked for.
  dropper(id, sentence) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "wg-quiet";
    button.textContent = "Drop what was typed";
    const about = document.createElement("span");
    about.className = "wg-unseen";
    about.textContent = `: ${sentence}`;
    button.append(about);
    button.addEventListener("click", () => this.drop(id));
    return button;
  }

  drop(id) {
    const control = this.page.find(id);
    this.found.delete(id);
    this.show(id, "");
    if (control && "value" in control) { delete control.dataset.dirty; control.value = saved(control); }
    this.list(false);
    this.page.status("What was typed is dropped: the answer is as it was saved");
    const heading = this.page.find("wg-content");
    if (control) control.focus(); else if (heading) { heading.tabIndex = -1; heading.focus(); }
  }

  // What the kernel says of places: a sentence each, "" where all is well again.
  take(errors, sent) {
    for (const [path, sentence] of Object.entries(errors)) {
      const own = sent && sent.path === path && typeof sent.value === "string";
      this.mark(fieldId(path), sentence, own ? { path, value: sent.value } : { path });
    }
    const wrong = Object.values(errors).some(Boolean);
    if (wrong) this.page.status("Not saved: see the problem at the top of the page");
    this.list(wrong);
  }
}

// What a control holds when nobody has typed in it.
function saved(control) {
  if (control.tagName !== "SELECT") return control.defaultValue;
  const chosen = [...control.options].find((option) => option.defaultSelected);
  return chosen ? chosen.value : "";
}
