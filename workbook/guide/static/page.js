// Brings the page of a step to life: the HTML is there already, drawn by the
// kernel. A committed field is sent and saved; the reply holds the parts of the
// page that changed.

import { choosing } from "./choosing.js";
import { conflicts } from "./conflicts.js";
import { downloads } from "./downloads.js";
import { figures } from "./figures.js";
import { askFirst } from "./dialog.js";
import { past } from "./history.js";
import { morph } from "./morph.js";
import { moving } from "./moving.js";
import { progress } from "./progress.js";
import { naming } from "./naming.js";
import { fieldId, halfDated, holds, movedUp, named, renumber, whole } from "./places.js";
import { Problems } from "./problems.js";
import { sheets } from "./sheets.js";
import { undo } from "./undo.js";
import { again, drop, holdOn, unsaved } from "./unsaved.js";
import { work } from "./work.js";

const BEAT = 5000; // milliseconds; after each the kernel is asked whether it is there and whether others saved
const PATIENCE = 15000; // a kernel that says nothing for longer is lost
const EDITS = ["change", "add", "remove", "rows-take"];

// What a page can do besides its fields. A part may have `start(page, on)`; `actions`, what its buttons do by their
// data-action; `replies`, what is done with its parts of an answer by their names; `edits`, its messages that save.
const PARTS = [moving, progress, sheets, downloads, work, figures, choosing, conflicts, undo, past, naming, unsaved];
const ACTIONS = Object.assign({}, ...PARTS.map((part) => part.actions || {}));
const REPLIES = PARTS.flatMap((part) => Object.entries(part.replies || {}));
const SAVING = new Set([...EDITS, ...PARTS.flatMap((part) => part.edits || [])]);

export class Page {
  constructor(model, el) {
    this.model = model;
    this.el = el;
    this.waiting = new Map(); // message id -> message not answered yet
    this.colliding = new Map(); // a choice to be made -> the place that two people changed
    this.others = false; // whether the next parts of the page are what others changed
    this.later = new Map(); // container -> its HTML, put in once nobody types in it any more
    this.last = ""; // id of the control that had the focus last
    this.wanted = ""; // the address of a field that is to be shown once it is there
    this.problems = new Problems(this);
    this.lost = false;
    this.stood = ""; // what the saved line said before the connection was lost
    this.heard = Date.now();
    this.asked = 0;
    this.stopping = new AbortController();
  }

  get root() { return this.el.querySelector(".wg-page"); }
  find(id) { return this.el.querySelector("#" + CSS.escape(id)); }
  onServer() { return Boolean(document.body.dataset.kernelId); } // and not in a notebook

  start() {
    const on = (target, name, act) => target.addEventListener(name, act, { signal: this.stopping.signal });
    this.teller = document.createElement("p"); // read out, not shown; outside of what is drawn again
    this.teller.className = "wg-unseen";
    this.teller.setAttribute("role", "status");
    this.el.append(this.teller);
    on(document, "visibilitychange", () => { if (!document.hidden) this.beat(); });
    PARTS.forEach((part) => part.start && part.start(this, on));
    on(this.el, "change", (e) => this.changed(e.target));
    on(this.el, "click", (e) => this.clicked(e));
    on(this.el, "focusin", (e) => { if (e.target.dataset.path) this.last = e.target.id; });
    on(this.el, "focusout", (e) => this.left(e.target));
    on(document, "click", (e) => this.leaving(e));
    on(window, "hashchange", () => this.reveal());
    on(window, "beforeprint", () => this.el.querySelectorAll(".wg-content details:not([data-later])").forEach((d) => { d.open = true; }));
    this.el.addEventListener("toggle", (e) => this.opened(e.target), { signal: this.stopping.signal, capture: true });
    this.model.on("msg:custom", (reply) => this.receive(reply));
    this.model.on("wb:connection", (state) => this.connection(state));
    this.ping = setInterval(() => this.beat(), BEAT);
    this.recall();
    this.hello();
    this.reveal();
  }

  stop() { this.stopping.abort(); clearInterval(this.ping); this.teller.remove(); }

  // The revision that the page shows: a change is made on the plan as its person saw it.
  shown() { return Number(this.root.dataset.shown || this.root.dataset.revision || 0); }

  // --- talking to the kernel -------------------------------------------------

  send(message) {
    message = { id: `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 10)}`, by: this.person(), ...message };
    if (EDITS.includes(message.kind) && message.base === undefined) message.base = this.shown();
    this.waiting.set(message.id, message);
    if (SAVING.has(message.kind) && !this.lost) this.status("Saving");
    this.el.dataset.saving = this.saving() ? "1" : "";
    this.model.send(message);
    return message;
  }

  hello() {
    this.waiting.forEach((m, id) => { if (m.kind === "hello") this.waiting.delete(id); });
    this.send({ kind: "hello", revision: this.shown() });
  }

  beat() {
    if (this.asked <= this.heard) this.asked = Date.now();
    else if (Date.now() - this.asked > PATIENCE) { // not answered: perhaps a line that only seems to be there
      this.connection("silent");
      if (this.model.renew) this.model.renew();
      this.asked = Date.now();
    }
    this.model.send({ id: `ping-${Date.now()}`, kind: "ping" });
  }

  connection(state) {
    if (state === "open") {
      const before = this.lost;
      this.quiet("lost");
      this.lost = false;
      this.heard = Date.now();
      if (before) {
        this.status(this.saving() ? "Saving" : this.stood); // what was said before the loss is true again
        this.waiting.forEach((m) => { if (m.kind !== "hello") this.model.send(m); });
        this.hello();
      }
    } else {
      if (!this.lost) this.stood = this.find("wg-saved") ? this.find("wg-saved").textContent : "";
      this.lost = true;
      this.status("Not saved: connection lost");
      this.alert("lost", state === "gone"
        ? "Connection lost: what you type is not being saved. It is kept on this page, and saved when you reload the page. "
        : "Connection lost: what you type is not being saved. It is kept on this page, and saved once the connection is back: the page keeps trying. ",
        [["Reload the page", () => again(this)]]);
    }
  }

  receive(reply) {
    if (!reply || typeof reply !== "object") return;
    this.heard = Date.now();
    if (this.lost) this.connection("open");
    const sent = this.waiting.get(reply.re);
    this.waiting.delete(reply.re);
    this.el.dataset.saving = this.saving() ? "1" : "";
    if (sent && sent.kind === "change" && reply.saved && !reply.conflict && !(reply.errors || {})[sent.path]) this.settled(sent.path);
    if (reply.page !== undefined) this.redraw(reply.page);
    if (sent && sent.kind === "remove" && reply.patches) this.forget(sent);
    if (reply.order) this.arrange(reply.order);
    if (reply.shown !== undefined) this.catchUp(reply.patches || {}, reply.shown);
    else for (const [id, html] of Object.entries(reply.patches || {})) this.patch(id, html);
    if (reply.bar) this.bar(reply.bar);
    for (const [name, act] of REPLIES) if (reply[name] !== undefined) act(this, reply[name], sent, reply);
    if (reply.working !== undefined) this.working(reply.working);
    if (reply.revision !== undefined) this.root.dataset.revision = reply.revision;
    if (reply.saved && !this.saving()) this.status(this.colliding.size ? "Not saved yet: choose between two changes" : reply.saved);
    if (reply.errors) this.problems.take(reply.errors, sent);
    // What could not be saved stays listed, by its field, until it is: the next change that is saved does not hide it.
    if (reply.alert && sent && sent.kind === "change" && !reply.saved) this.problems.take({ [sent.path]: reply.alert }, sent);
    else if (reply.alert) { this.alert("said", reply.alert, []); if (!reply.saved) this.status("Not saved"); }
    else if (sent && sent.kind !== "hello") this.quiet("said");
    if (sent && sent.kind === "add" && reply.patches) this.added(sent.path);
    if (sent && ["row", "view"].includes(sent.kind) && this.wanted) { const hash = this.wanted; this.wanted = ""; this.reveal(hash); }
    if (reply.patches || reply.page !== undefined) this.refetch();
    if (reply.go) { this.waiting.clear(); location.assign(reply.go); }
    if (this.onward && !this.saving()) { const to = this.onward; this.onward = ""; location.assign(to); }
  }

  settled(path) {
    if ([...this.waiting.values()].some((m) => m.path === path)) return;
    this.el.querySelectorAll(`[data-path="${CSS.escape(path)}"]`).forEach((c) => { delete c.dataset.dirty; delete c.dataset.base; });
    this.letGo(path);
  }

  // What was typed at a place is saved, or nobody wants it any more.
  letGo(path) { drop(this, path); }

  saving() { return [...this.waiting.values()].some((m) => SAVING.has(m.kind)); }

  // --- what the person does --------------------------------------------------

  changed(control) {
    if (control.id === "wg-name") { this.remember(control.value); return; }
    if (!control.dataset.path) return;
    if (halfDated(control) && control === document.activeElement) control.dataset.dirty = "part";
    else this.commit(control);
  }

  commit(control) {
    control.dataset.dirty = "1";
    const { path } = control.dataset;
    const base = Number(control.dataset.base || this.shown());
    const value = this.value(control);
    holdOn(this, path, value, base);
    this.send({ kind: "change", path, value, base });
  }

  // A date is typed part by part, and the browser reports every part: half a date waits until its field is left.
  left(control) {
    if (control.dataset.base && control.dataset.dirty !== "1" && control.value === control.defaultValue) { // typed, and taken back
      delete control.dataset.base;
      this.letGo(control.dataset.path);
      this.putIn();
    }
    if (control.type !== "date" || !control.dataset.path) return;
    if (control.validity.badInput && document.hasFocus()) {
      const label = control.labels[0].firstChild.textContent.trim();
      setTimeout(() => this.problems.take({ [control.dataset.path]: `${label}: the date is not complete. Give day, month and year, or empty the field.` }), 0);
    } else if (control.dataset.dirty === "part" || this.problems.found.has(control.id)) this.commit(control);
  }

  // A field that is typed in but not left yet counts as committed when the page goes.
  flush() {
    const control = document.activeElement;
    if (!control || !this.el.contains(control) || !control.dataset.path || control.type === "radio") return;
    if (control.defaultValue !== undefined && control.value !== control.defaultValue && control.dataset.dirty !== "1") this.commit(control);
  }

  value(control) {
    if (control.type === "checkbox") {
      return [...this.el.querySelectorAll(`input[name="${CSS.escape(control.name)}"]:checked`)].map((c) => c.value);
    }
    return whole(control.value);
  }

  clicked(event) {
    const button = event.target.closest("button[data-action]");
    if (!button || !this.el.contains(button)) return;
    const { action, path } = button.dataset;
    if (action === "add" && event.detail < 2) this.send({ kind: "add", path }); // a double click is one wish
    if (action === "remove") this.confirm(button);
    if (action === "clear") {
      this.el.querySelectorAll(`input[name="${CSS.escape(fieldId(path))}"]`).forEach((c) => { c.checked = false; });
      this.send({ kind: "change", path, value: "" });
      this.find(fieldId(path)).focus();
    }
    if (ACTIONS[action]) ACTIONS[action](this, button);
  }

  async confirm(button) {
    const { path, index } = button.dataset;
    const base = this.shown();
    const yes = await askFirst(this, { title: `${button.textContent.trim()}?`, sentence: "It can be brought back with Undo.", yes: "Yes, remove", no: "No, keep" });
    if (yes) this.send({ kind: "remove", path, index: Number(index), base });
  }

  // Following a link waits until what was typed is saved.
  leaving(event) {
    const link = event.target.closest && event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || link.target) return;
    if (link.getAttribute("href").startsWith("#")) { setTimeout(() => this.reveal(link.getAttribute("href")), 0); return; }
    this.flush();
    if (this.saving() && !this.lost) { event.preventDefault(); this.onward = link.href; }
  }

  // What is left out of a long page is fetched when it is opened first.
  opened(part) {
    if (!part.open || part.dataset.later === undefined || part.dataset.fetching) return;
    part.dataset.fetching = "1";
    this.send({ kind: "row", path: part.dataset.later });
  }

  // Parts that a change has left open without what they hold.
  refetch() { this.el.querySelectorAll("details[open][data-later]").forEach((part) => this.opened(part)); }

  // --- the page --------------------------------------------------------------

  redraw(html) {
    const made = document.createElement("div");
    made.innerHTML = html;
    const { plan } = this.root.dataset;
    morph(this.root, made.firstElementChild);
    if (plan === this.root.dataset.plan) { this.problems.again(); this.problems.list(false); } else this.problems.clear();
    this.later.clear();
    this.others = false;
    this.recall();
  }

  arrange(order) {
    const content = this.find("wg-content");
    const wanted = new Set(order);
    [...content.children].forEach((c) => {
      if (wanted.has(c.id)) return;
      const typing = this.typing(c);
      if (typing) this.commit(typing); // taken out by others under somebody's hands: the kernel asks which it shall be
      c.remove();
    });
    order.forEach((id, n) => {
      let box = this.find(id);
      if (!box) {
        box = document.createElement("div");
        box.id = id;
        box.className = `wg-block wg-block-${id.split("-")[1]}`;
      }
      if (content.children[n] !== box) content.insertBefore(box, content.children[n] || null);
    });
  }

  patch(id, html) {
    const box = this.find(id);
    if (!box) return;
    const made = box.cloneNode(false);
    made.innerHTML = html;
    morph(box, made);
    this.problems.again();
  }

  // The parts of the page that are other ones in a revision. What others changed does not move under somebody's hands:
  // a part in which somebody types waits until that is done.
  catchUp(patches, revision) {
    Object.keys(patches).forEach((id) => this.later.delete(id));
    for (const [id, html] of Object.entries(patches)) {
      const box = this.others && this.find(id);
      if (box && this.typing(box)) this.later.set(id, html); else this.patch(id, html);
    }
    this.others = false;
    this.root.dataset.shown = revision;
    this.putIn();
  }

  putIn() {
    [...this.later].forEach(([id, html]) => {
      const box = this.find(id);
      if (box && this.typing(box)) return;
      this.later.delete(id);
      this.patch(id, html);
    });
  }

  // The field of a part in which somebody has typed what is not sent yet.
  typing(box) { return [...box.querySelectorAll("[data-base]")].find((c) => c.dataset.dirty !== "1" && c.value !== c.defaultValue); }

  bar(html) {
    const made = document.createElement("div");
    made.innerHTML = html;
    const title = made.querySelector(".wg-plan > div");
    const here = this.el.querySelector(".wg-plan > div");
    if (title && here) morph(here, title);
  }

  added(path) {
    const add = this.find(fieldId(path) + "-add");
    const rows = add && add.parentElement.querySelectorAll(`:scope > .wg-list [data-row="${CSS.escape(path)}"]`);
    const last = rows && rows[rows.length - 1];
    if (!last) return;
    last.open = true;
    const part = last.closest("[data-key^=part-]");
    if (part) part.open = true;
    const first = last.querySelector("input, textarea, select");
    (first || last).focus();
  }

  // The row that was removed goes first, and those below it move up with all that is open, typed and wrong in them.
  forget({ path, index }) {
    const numbered = (row) => Number(row.dataset.key.slice("row-".length)); // of a very long list not every row is there
    this.el.querySelectorAll(`[data-row="${CSS.escape(path)}"]`).forEach((row) => {
      const n = numbered(row);
      if (n === index) row.remove();
      if (n > index) { row.dataset.key = `row-${n - 1}`; renumber(row, path, n, n - 1); }
    });
    this.problems.move((id) => movedUp(id, `${fieldId(path)}-`, index));
    const add = this.find(fieldId(path) + "-add");
    if (add) add.focus();
  }

  // Shows the field with an id; ``path`` is its place, by which its view is found where another one is shown.
  lead(id, path) {
    if (this.find(id) || !path) { this.reveal(`#${id}`); const control = this.find(id); if (control) control.focus(); return; }
    this.wanted = `#${id}`;
    this.send({ kind: "view", at: path });
  }

  // Opens whatever hides the part of the page that the address names.
  reveal(hash = location.hash) {
    const id = named(hash);
    const target = id && this.find(id);
    if (!target) { this.revealLater(id); return; }
    for (let up = target.parentElement; up && up !== this.el; up = up.parentElement) if (up.tagName === "DETAILS") up.open = true;
    target.scrollIntoView();
    if (id.startsWith("q")) target.focus();
  }

  // A field that is not fetched yet: what holds it is opened, and the field shown once it is there.
  revealLater(id) {
    const part = id && [...this.el.querySelectorAll("[data-later]")].find((p) => holds(p, id));
    if (!part) return;
    this.wanted = `#${id}`;
    for (let up = part; up && up !== this.el; up = up.parentElement) if (up.tagName === "DETAILS") up.open = true;
  }

  // While the figures are worked out again, those on the page are marked as the ones before.
  working(on) {
    const content = this.find("wg-content");
    if (!content) return;
    if (on) content.setAttribute("aria-busy", "true"); else content.removeAttribute("aria-busy");
  }

  // --- status, alerts -----------------------------------------------------------

  status(words) {
    const box = this.find("wg-saved");
    if (box && box.textContent !== words) box.textContent = words;
    const printed = this.find("wg-printed"); // the same at the head of every sheet
    if (printed && printed.textContent !== words) printed.textContent = words;
  }

  alert(kind, words, actions) {
    const old = this.el.querySelector(`[data-alert="${kind}"]`);
    if (old && old.dataset.words === words) return;
    const box = document.createElement("div");
    box.className = "wg-alert";
    box.setAttribute("role", "alert");
    box.dataset.alert = kind;
    box.dataset.words = words;
    const p = document.createElement("p");
    p.textContent = words;
    box.append(p);
    actions.forEach(([label, act]) => {
      const b = document.createElement("button");
      b.type = "button";
      b.textContent = label;
      b.addEventListener("click", act);
      box.append(b, " ");
    });
    if (old) old.remove();
    this.find("wg-alerts").append(box);
  }

  // Like an alert, but nothing is wrong: it is read out by tell(), and takes nobody's attention otherwise.
  note(kind, words, actions, more) {
    this.alert(kind, words, actions);
    const box = this.el.querySelector(`[data-alert="${kind}"]`);
    if (!box || box.className === "wg-note") return;
    box.className = "wg-note";
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", "Notice");
    if (more) box.querySelector("p").after(more);
    box.querySelectorAll("button").forEach((button, n) => { if (n || actions.length === 1) button.className = "wg-quiet"; });
  }

  // Said to who listens and not shown; the same words again are said again, and what comes together is said together.
  tell(words) {
    this.telling = this.telling ? `${this.telling} ${words}` : words;
    this.teller.textContent = "";
    clearTimeout(this.toTell);
    this.toTell = setTimeout(() => { this.teller.textContent = this.telling; this.telling = ""; }, 50);
  }

  // Whoever answered an alert goes on where they were.
  quiet(kind) {
    const old = this.el.querySelector(`[data-alert="${kind}"]`);
    if (!old) return;
    const answered = old.contains(document.activeElement);
    old.remove();
    if (!answered) return;
    const main = this.el.closest("main");
    if (this.last && this.find(this.last)) this.reveal(`#${this.last}`);
    else if (main) main.focus();
  }

  // --- the person's name ---------------------------------------------------------

  person() { const field = this.find("wg-name"); return field ? field.value.trim() : kept(); }
  named(name) { const field = this.find("wg-name"); if (field) field.value = name; this.remember(name); }
  remember(name) { try { localStorage.setItem("workbook-name", name.trim()); } catch { /* private window: asked again next time */ } }
  recall() { const field = this.find("wg-name"); if (field && !field.value) field.value = kept(); }
}

function kept() { try { return localStorage.getItem("workbook-name") || ""; } catch { return ""; } }
