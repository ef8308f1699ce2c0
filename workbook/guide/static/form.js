// Brings the page of a step to life: the HTML is there already, drawn by the
// kernel. A committed field is sent and saved; the reply holds the parts of the
// page that changed. Works under the workbook's own host (host.js) and under
// JupyterLab's widget manager, which differ only in who delivers the messages.

const PING_EVERY = 15000;
const EDITS = ["change", "add", "remove", "rows-take"];
const LARGEST = 5000000; // bytes of a spreadsheet; the kernel asks again

const fieldId = (path) => (path.startsWith("/") ? "q" + path.replace(/[^A-Za-z0-9]+/g, "-") : path);

function render({ model, el }) {
  if (!el.querySelector(".wg-page")) el.innerHTML = model.get("html");
  const page = new Page(model, el);
  page.start();
  return () => page.stop();
}

class Page {
  constructor(model, el) {
    this.model = model;
    this.el = el;
    this.waiting = new Map(); // message id -> message not answered yet
    this.failed = new Map(); // kind and path -> what was refused because somebody else saved
    this.last = ""; // id of the control that had the focus last
    this.errors = new Map(); // control id -> sentence
    this.lost = false;
    this.heard = Date.now();
    this.asked = 0;
    this.stopping = new AbortController();
  }

  get root() { return this.el.querySelector(".wg-page"); }
  find(id) { return this.el.querySelector("#" + CSS.escape(id)); }

  start() {
    const on = (target, name, act) => target.addEventListener(name, act, { signal: this.stopping.signal });
    on(this.el, "change", (e) => this.changed(e.target));
    on(this.el, "click", (e) => this.clicked(e));
    on(this.el, "focusin", (e) => { if (e.target.dataset.path) this.last = e.target.id; });
    on(this.el, "focusout", (e) => this.left(e.target));
    on(this.el, "keydown", (e) => this.pressed(e));
    on(document, "click", (e) => this.leaving(e));
    on(window, "beforeunload", (e) => this.unloading(e));
    on(window, "hashchange", () => this.reveal());
    on(window, "beforeprint", () => this.el.querySelectorAll("details:not([data-later])").forEach((d) => { d.open = true; }));
    this.el.addEventListener("toggle", (e) => this.opened(e.target), { signal: this.stopping.signal, capture: true });
    this.model.on("msg:custom", (reply) => this.receive(reply));
    this.model.on("wb:connection", (state) => this.connection(state));
    this.ping = setInterval(() => this.beat(), PING_EVERY);
    this.recall();
    this.hello();
    this.reveal();
    this.unstash();
  }

  stop() { this.stopping.abort(); clearInterval(this.ping); }

  // --- talking to the kernel -------------------------------------------------

  send(message) {
    message = { id: `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 10)}`, by: this.person(), ...message };
    this.waiting.set(message.id, message);
    if (EDITS.includes(message.kind) && !this.lost) this.status("Saving");
    this.el.dataset.saving = this.saving() ? "1" : "";
    this.model.send(message);
    return message;
  }

  hello() {
    this.waiting.forEach((m, id) => { if (m.kind === "hello") this.waiting.delete(id); });
    this.send({ kind: "hello", revision: Number(this.root.dataset.revision || 0) });
  }

  beat() {
    if (this.asked > this.heard) this.connection("silent"); // the ping before this one was not answered
    else this.asked = Date.now();
    this.model.send({ id: `ping-${Date.now()}`, kind: "ping" });
  }

  connection(state) {
    if (state === "open") {
      const again = this.lost;
      this.quiet("lost");
      this.lost = false;
      this.heard = Date.now();
      if (again) {
        this.waiting.forEach((m) => { if (m.kind !== "hello") this.model.send(m); });
        this.hello();
      }
    } else {
      this.lost = true;
      this.status("Not saved: connection lost");
      const gone = state === "gone";
      this.alert("lost", gone
        ? "Connection lost: what you type is not being saved. Everything saved before is kept. "
        : "Connection lost: what you type is not being saved. The page keeps trying to connect. ",
        [["Reload the page", () => this.again()]]);
    }
  }

  // What could not be saved is kept in this tab and offered once the page is back.
  again() { this.flush(); this.stash(); this.waiting.clear(); this.reloading = true; location.reload(); }

  unloading(event) {
    if (this.reloading) return;
    this.flush();
    if (!(this.lost && this.saving()) && !this.failed.size) return;
    this.stash();
    event.preventDefault();
  }

  shelf() { return `workbook-unsaved ${this.root.dataset.plan} ${this.root.dataset.step}`; }

  stash() {
    const kept = [...this.waiting.values()].filter((m) => m.kind === "change").map((m) => [m.path, m.value]);
    const refused = [...this.failed.values()].filter((m) => m.kind === "change").map((m) => [m.path, m.value]);
    const all = [...refused, ...kept];
    try { if (all.length) sessionStorage.setItem(this.shelf(), JSON.stringify(all)); } catch { /* nothing can be kept here */ }
  }

  unstash() {
    let all = [];
    try { all = JSON.parse(sessionStorage.getItem(this.shelf()) || "[]"); sessionStorage.removeItem(this.shelf()); } catch { /* nothing was kept */ }
    if (!all.length) return;
    const done = (save) => () => {
      this.quiet("unsaved");
      if (save) all.forEach(([path, value]) => this.send({ kind: "change", path, value }));
    };
    this.last = fieldId(all[0][0]);
    const count = all.length === 1 ? "One answer was" : `${all.length} answers were`;
    this.alert("unsaved", `${count} typed while the connection was lost and not saved.`, [["Save now", done(true)], ["Drop", done(false)]]);
  }

  receive(reply) {
    if (!reply || typeof reply !== "object") return;
    this.heard = Date.now();
    if (this.lost) this.connection("open");
    const sent = this.waiting.get(reply.re);
    this.waiting.delete(reply.re);
    this.el.dataset.saving = this.saving() ? "1" : "";
    if (sent && sent.kind === "change" && reply.saved) this.settled(sent.path);
    if (reply.page !== undefined) this.redraw(reply.page);
    if (sent && sent.kind === "remove" && reply.patches) this.forget(sent);
    if (reply.order) this.arrange(reply.order);
    for (const [id, html] of Object.entries(reply.patches || {})) this.patch(id, html);
    if (reply.bar) this.bar(reply.bar);
    if (reply.sections !== undefined) this.patch("wg-sections", reply.sections);
    if (reply.pack !== undefined && this.find("wg-pack")) this.find("wg-pack").innerHTML = reply.pack;
    for (const [path, html] of Object.entries(reply.rows || {})) this.rows(path, html);
    if (reply.file) this.keep(reply.file);
    if (reply.working !== undefined) this.working(reply.working);
    for (const [path, sentence] of Object.entries(reply.errors || {})) this.mark(fieldId(path), sentence);
    if (reply.revision !== undefined) this.root.dataset.revision = reply.revision;
    if (reply.saved && !this.saving()) this.status(reply.saved);
    if (reply.errors && Object.values(reply.errors).some(Boolean)) this.refused();
    else if (reply.errors) this.problems(false);
    if (reply.stale) this.stale(reply.stale, sent);
    if (reply.alert) { this.alert("said", reply.alert, []); if (!reply.saved) this.status("Not saved"); }
    else if (sent && sent.kind !== "hello") this.quiet("said");
    if (sent && sent.kind === "add" && reply.patches) this.added(sent.path);
    if (sent && sent.kind === "row" && this.wanted) { const hash = this.wanted; this.wanted = ""; this.reveal(hash); }
    if (reply.patches || reply.page !== undefined) this.refetch();
    if (reply.go) { this.waiting.clear(); location.assign(reply.go); }
    if (this.onward && !this.saving()) { const to = this.onward; this.onward = ""; location.assign(to); }
  }

  settled(path) {
    if ([...this.waiting.values()].some((m) => m.path === path)) return;
    this.el.querySelectorAll(`[data-path="${CSS.escape(path)}"]`).forEach((c) => { delete c.dataset.dirty; });
  }

  saving() { return [...this.waiting.values()].some((m) => EDITS.includes(m.kind)); }

  // --- what the person does --------------------------------------------------

  changed(control) {
    if (control.id === "wg-name") { this.remember(control.value); return; }
    if (!control.dataset.path) return;
    if (halfDated(control) && control === document.activeElement) control.dataset.dirty = "part";
    else this.commit(control);
  }

  commit(control) {
    control.dataset.dirty = "1";
    this.send({ kind: "change", path: control.dataset.path, value: this.value(control) });
  }

  // A date is typed part by part, and the browser reports every part: half a date waits until its field is left.
  left(control) {
    if (control.type !== "date" || !control.dataset.path) return;
    if (control.validity.badInput && document.hasFocus()) {
      const label = control.labels[0].firstChild.textContent.trim();
      this.mark(control.id, `${label}: the date is not complete. Give day, month and year, or empty the field.`);
      setTimeout(() => this.refused(), 0);
    } else if (control.dataset.dirty === "part" || this.errors.has(control.id)) this.commit(control);
  }

  // In the form for a new plan Enter does what its button does; in the list of areas it picks one.
  pressed(event) {
    const name = event.target.dataset.new;
    if (event.key === "Enter" && name && name !== "area") { event.preventDefault(); this.create(); }
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
    const { action, path, index, name } = button.dataset;
    if (action === "add") this.send({ kind: "add", path });
    if (action === "remove") this.confirm(button);
    if (action === "clear") {
      this.el.querySelectorAll(`input[name="${CSS.escape(fieldId(path))}"]`).forEach((c) => { c.checked = false; });
      this.send({ kind: "change", path, value: "" });
      this.find(fieldId(path)).focus();
    }
    if (action === "pack") this.send({ kind: "pack" });
    if (action === "copy") this.send({ kind: "copy" });
    if (action === "open" || action === "restore") this.send({ kind: action, name });
    if (action === "create") this.create();
    if (action === "rows-in") this.bring(path);
    if (action === "rows-take" || action === "rows-out") this.send({ kind: action, path });
    if (action === "rows-drop") { this.rows(path, ""); this.find(`${fieldId(path)}-file`).focus(); }
  }

  // --- lists from and to a spreadsheet -------------------------------------------

  bring(path) {
    const input = this.find(`${fieldId(path)}-file`);
    const [file] = input.files;
    let problem = "";
    if (!file) problem = "Choose a file first.";
    else if (file.size > LARGEST) problem = `${file.name} is larger than 5 MB. Save only the sheets that are to be brought in.`;
    this.mark(input.id, problem);
    this.problems(Boolean(problem));
    if (problem) return;
    const reader = new FileReader();
    reader.addEventListener("load", () => {
      const update = this.find(`${fieldId(path)}-update`).checked;
      this.send({ kind: "rows-in", path, name: file.name, update, content: reader.result.split(",")[1] || "" });
    });
    reader.addEventListener("error", () => { this.mark(input.id, "The file cannot be read: it was moved or changed. Choose it again."); this.problems(true); });
    this.rows(path, "<p>The file is being read.</p>");
    reader.readAsDataURL(file);
  }

  // What is said of a file takes the focus, so that it is read out and its buttons are next.
  rows(path, html) {
    const box = this.find(`${fieldId(path)}-rows`);
    if (!box) return;
    box.innerHTML = html;
    const said = box.querySelector("[tabindex]");
    if (said) { said.focus(); said.scrollIntoView({ block: "nearest" }); }
  }

  keep({ name, content }) {
    const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
    link.download = name;
    link.target = "_self"; // not a way off the page
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  }

  create() {
    const values = {};
    this.el.querySelectorAll("[data-new]").forEach((c) => { values[c.dataset.new] = c.value; this.mark(c.id, ""); });
    this.send({ kind: "create", values });
  }

  confirm(button) {
    const asked = document.createElement("span");
    asked.className = "wg-confirm";
    asked.append("Remove it? ");
    const choice = (words, act) => {
      const b = document.createElement("button");
      b.type = "button";
      b.textContent = words;
      b.addEventListener("click", act);
      asked.append(b, " ");
      return b;
    };
    const yes = choice("Yes, remove", () => {
      asked.remove(); button.hidden = false;
      this.send({ kind: "remove", path: button.dataset.path, index: Number(button.dataset.index) });
    });
    choice("No, keep", () => { asked.remove(); button.hidden = false; button.focus(); });
    button.hidden = true;
    button.after(asked);
    yes.focus();
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
    morph(this.root, made.firstElementChild);
    this.errors.clear();
    this.recall();
  }

  arrange(order) {
    const content = this.find("wg-content");
    const wanted = new Set(order);
    [...content.children].forEach((c) => { if (!wanted.has(c.id)) c.remove(); });
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
    this.errors.forEach((sentence, field) => this.show(field, sentence));
  }

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
    const kept = [...this.errors].map(([id, sentence]) => [movedUp(id, `${fieldId(path)}-`, index), sentence]);
    this.errors = new Map(kept.filter(([id]) => id));
    this.problems(false);
    const add = this.find(fieldId(path) + "-add");
    if (add) add.focus();
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

  // --- errors, status, alerts --------------------------------------------------

  mark(id, sentence) {
    if (sentence) this.errors.set(id, sentence); else this.errors.delete(id);
    this.show(id, sentence);
  }

  show(id, sentence) {
    const slot = this.find(id + "-e");
    const control = this.find(id);
    if (!slot) return;
    slot.textContent = sentence ? `Error: ${sentence}` : "";
    slot.hidden = !sentence;
    const inputs = control && control.tagName === "FIELDSET" ? control.querySelectorAll(`[name="${CSS.escape(id)}"]`) : [control];
    inputs.forEach((c) => c && (sentence ? c.setAttribute("aria-invalid", "true") : c.removeAttribute("aria-invalid")));
    const box = slot.closest(".wg-field, fieldset");
    if (box) box.classList.toggle("wg-wrong", Boolean(sentence));
  }

  refused() { this.status("Not saved: see the problem at the top of the page"); this.problems(true); }

  problems(focus) {
    const box = this.find("wg-problems");
    box.hidden = this.errors.size === 0;
    if (box.hidden) { box.replaceChildren(); return; }
    const title = document.createElement("h2");
    title.textContent = "There is a problem";
    const list = document.createElement("ul");
    this.errors.forEach((sentence, id) => {
      const link = document.createElement("a");
      link.href = `#${id}`;
      link.textContent = sentence;
      link.addEventListener("click", (e) => { e.preventDefault(); this.reveal(`#${id}`); const c = this.find(id); if (c) c.focus(); });
      const item = document.createElement("li");
      item.append(link);
      list.append(item);
    });
    box.replaceChildren(title, list);
    if (focus) { box.focus(); box.scrollIntoView({ block: "nearest" }); }
  }

  status(words) {
    const box = this.find("wg-saved");
    if (box && box.textContent !== words) box.textContent = words;
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

  // Somebody else saved: what was typed stays in its field until the person decides.
  stale(sentence, sent) {
    const typed = sent && sent.kind === "change";
    if (typed || (sent && sent.kind === "add")) this.failed.set(`${sent.kind} ${sent.path}`, { kind: sent.kind, path: sent.path, value: sent.value });
    this.status("Not saved: somebody else saved this plan");
    const load = (again) => () => {
      const mine = [...this.failed.values()];
      this.failed.clear();
      this.quiet("stale");
      this.el.querySelectorAll("[data-dirty]").forEach((c) => { delete c.dataset.dirty; });
      this.send({ kind: "reload" });
      if (again) mine.forEach((message) => this.send(message));
    };
    this.alert("stale", `${sentence}${typed ? " What you typed is still in its field." : ""}`, [
      ["Load the newer plan and save mine on top", load(true)],
      ["Load the newer plan and drop mine", load(false)],
    ]);
  }

  // --- the person's name ---------------------------------------------------------

  person() { const field = this.find("wg-name"); return field ? field.value.trim() : kept(); }
  remember(name) { try { localStorage.setItem("workbook-name", name.trim()); } catch { /* private window: asked again next time */ } }
  recall() { const field = this.find("wg-name"); if (field && !field.value) field.value = kept(); }
}

// Half a date: a part is missing, or the year has not got its four digits yet.
const halfDated = (control) => control.type === "date" && (control.validity.badInput || (control.value !== "" && control.value < "1000"));

// Text without halves of characters, which no message can carry.
const whole = (text) => (text.toWellFormed ? text.toWellFormed() : text);

// The id that an address names; "" where it is not written as an address is.
function named(hash) { try { return decodeURIComponent((hash || "").slice(1)); } catch { return ""; } }

// The id of a control when row ``gone`` of its list has left: "" in that row itself, one less in the rows below it.
function movedUp(id, list, gone) {
  const row = id.startsWith(list) ? Number.parseInt(id.slice(list.length), 10) : NaN;
  if (Number.isNaN(row) || row < gone) return id;
  return row === gone ? "" : list + (row - 1) + id.slice(list.length + String(row).length);
}

// Gives the controls of a row the ids and places of another row.
function renumber(row, path, was, now) {
  const move = (text, stem, joint) => (text === `${stem}${joint}${was}` || text.startsWith(`${stem}${joint}${was}${joint}`)
    ? `${stem}${joint}${now}${text.slice(`${stem}${joint}${was}`.length)}` : text);
  const names = { id: "-", for: "-", name: "-", "aria-describedby": "-", "data-path": "/", "data-box": "/", "data-row": "/" };
  row.querySelectorAll("*").forEach((e) => Object.entries(names).forEach(([name, joint]) => {
    const text = e.getAttribute(name);
    if (text) e.setAttribute(name, text.split(" ").map((part) => move(part, joint === "/" ? path : fieldId(path), joint)).join(" "));
  }));
}

// Whether a part that is not fetched yet holds the control with an id.
function holds({ dataset }, id) {
  const stem = dataset.covers.split(" ").find((start) => id.startsWith(start));
  if (stem === undefined || dataset.from === undefined) return stem !== undefined;
  const n = Number.parseInt(id.slice(stem.length), 10);
  return n >= Number(dataset.from) && n < Number(dataset.to);
}

function kept() { try { return localStorage.getItem("workbook-name") || ""; } catch { return ""; } }

// Makes one element like another and keeps what the person is doing: the field
// with the focus, values not saved yet, folded and unfolded parts, scrolling.
function morph(old, made) {
  if (old.isEqualNode(made)) return;
  if (old.tagName === "svg" || old.tagName !== made.tagName) { old.replaceWith(made); return; }
  attributes(old, made);
  if (old.tagName === "TEXTAREA") { values(old, made.defaultValue, () => { old.defaultValue = made.defaultValue; }); return; }
  if (old.tagName === "INPUT" || old.tagName === "SELECT") settle(old, made);
  children(old, made);
  if (old.tagName === "SELECT" && !old.dataset.dirty) old.value = made.value;
}

const KEEP = { DETAILS: ["open"], INPUT: ["value", "data-dirty"], TEXTAREA: ["data-dirty"], SELECT: ["data-dirty"] };

function attributes(old, made) {
  const keep = KEEP[old.tagName] || [];
  [...old.attributes].forEach((a) => { if (!made.hasAttribute(a.name) && !keep.includes(a.name)) old.removeAttribute(a.name); });
  [...made.attributes].forEach((a) => { if (!keep.includes(a.name) && old.getAttribute(a.name) !== a.value) old.setAttribute(a.name, a.value); });
}

function settle(old, made) {
  if (old.type === "radio" || old.type === "checkbox") {
    old.value = made.value;
    if (!document.querySelector(`input[name="${CSS.escape(old.name)}"][data-dirty]`)) old.checked = made.checked;
  } else if (old.tagName === "INPUT") {
    values(old, made.defaultValue, () => old.setAttribute("value", made.getAttribute("value") || ""));
  }
}

// A field takes the saved value unless it holds something that is not saved yet.
function values(old, value, base) {
  if (old.id === "wg-name") return;
  const typing = old === document.activeElement && old.value !== old.defaultValue;
  base();
  if (!typing && !old.dataset.dirty) old.value = value;
}

const key = (node) => (node.nodeType === 1 ? node.id || node.dataset.key || "" : "");

function children(old, made) {
  const byKey = new Map([...old.childNodes].filter(key).map((n) => [key(n), n]));
  let place = old.firstChild;
  [...made.childNodes].forEach((next) => {
    let match = key(next) ? byKey.get(key(next)) : place && !key(place) && place.nodeName === next.nodeName ? place : null;
    if (match && match.nodeName !== next.nodeName) match = null;
    if (!match) { old.insertBefore(next, place); return; }
    if (match === place) place = place.nextSibling; else old.insertBefore(match, place);
    if (match.nodeType !== 1) { if (match.nodeValue !== next.nodeValue) match.nodeValue = next.nodeValue; } else morph(match, next);
  });
  while (place) { const gone = place; place = place.nextSibling; gone.remove(); }
}

export default { render };
