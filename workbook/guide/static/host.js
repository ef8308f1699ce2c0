// Connects the widget on the page to its kernel: the Jupyter messages that a
// widget needs, over one websocket, with a queue before it opens and patience
// when it breaks. Nothing of JupyterLab is loaded. The page asks for this script just
// before its long part: the line opens while the browser reads the rest.

import form from "./form.js";

const body = document.body.dataset;
const session = crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random()}`;

class Wire {
  constructor(kernel, base) {
    this.address = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${base}api/kernels/${kernel}/channels?session_id=${session}`;
    this.check = `${base}api/kernels/${kernel}`;
    this.models = new Map();
    this.queue = [];
    this.tries = 0;
    this.open();
  }

  open() {
    this.socket = new WebSocket(this.address);
    this.socket.addEventListener("open", () => {
      this.tries = 0;
      this.queue.splice(0).forEach((text) => this.socket.send(text));
      this.tell("open");
    });
    this.socket.addEventListener("message", (e) => { if (typeof e.data === "string") this.read(JSON.parse(e.data)); });
    this.socket.addEventListener("close", () => this.closed());
  }

  closed() {
    if (this.leaving || this.dead) return;
    this.tell("lost");
    this.tries += 1;
    this.waiting = setTimeout(() => this.retry(), Math.min(20000, 500 * 2 ** this.tries));
  }

  // A kernel that is gone for good will not come back by waiting: the page must be opened again.
  async retry() {
    if (this.leaving) return;
    try {
      const answer = await fetch(this.check);
      if (answer.status === 404) { this.gone(); return; }
    } catch { /* the server does not answer: try again */ }
    this.open();
  }

  // A line that is silent, or a machine that was asleep: begin a new one at once.
  renew() {
    if (this.dead || this.leaving || this.socket.readyState === WebSocket.CONNECTING) return;
    if (this.socket.readyState === WebSocket.OPEN) this.socket.close();
    else { clearTimeout(this.waiting); this.retry(); }
  }

  gone() { this.dead = true; this.tell("gone"); this.socket.close(); }

  tell(state) { this.models.forEach((m) => m.emit("wb:connection", state)); }

  read(message) {
    const { header, content } = message;
    if (header.msg_type === "status" && ["restarting", "autorestarting", "dead"].includes(content.execution_state)) this.gone();
    if (header.msg_type !== "comm_msg") return;
    const model = this.models.get(content.comm_id);
    if (!model) return;
    if (content.data.method === "update") model.take(content.data.state);
    if (content.data.method === "custom") model.emit("msg:custom", content.data.content);
  }

  post(comm_id, data) {
    const header = { msg_id: `${session}-${Math.random().toString(36).slice(2)}`, msg_type: "comm_msg", session, username: "", date: new Date().toISOString(), version: "5.3" };
    const text = JSON.stringify({ channel: "shell", header, parent_header: {}, metadata: {}, content: { comm_id, data }, buffers: [] });
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(text);
    else if (!this.lostOnce()) this.queue.push(text);
  }

  // After a break the form itself repeats what was not answered; queueing it here too would only double it.
  lostOnce() { return this.tries > 0 || this.dead; }

  // The kernel is let go with the page, unless something is still on its way to it.
  leave() {
    this.leaving = true;
    if (document.querySelector("[data-wg-model][data-saving='1']")) return;
    navigator.sendBeacon(`${body.baseUrl}voila/api/shutdown/${body.kernelId}`);
  }
}

class Model {
  constructor(wire, id) { this.wire = wire; this.id = id; this.state = {}; this.listeners = {}; wire.models.set(id, this); }
  get(name) { return this.state[name]; }
  set(name, value) { this.state[name] = value; }
  save_changes() { this.wire.post(this.id, { method: "update", state: this.state, buffer_paths: [] }); }
  send(content) { this.wire.post(this.id, { method: "custom", content }); }
  on(name, act) { (this.listeners[name] ||= []).push(act); }
  off(name, act) { this.listeners[name] = (this.listeners[name] || []).filter((a) => a !== act); }
  renew() { this.wire.renew(); }
  emit(name, value) { (this.listeners[name] || []).forEach((act) => act(value)); }
  take(state) { Object.assign(this.state, state); Object.keys(state).forEach((name) => this.emit(`change:${name}`)); }
}

// What the line met before there was anybody to tell.
function tellWhatWasMissed(wire) {
  if (wire.dead) wire.tell("gone");
  else if (wire.tries) wire.tell("lost");
}

function start(wire) {
  document.querySelectorAll(".wg-opening").forEach((e) => e.remove());
  if (!wire) return;
  document.querySelectorAll("[data-wg-model]").forEach((el) => form.render({ model: new Model(wire, el.dataset.wgModel), el }));
  tellWhatWasMissed(wire);
  window.addEventListener("online", () => wire.renew());
}

const wire = body.kernelId ? new Wire(body.kernelId, body.baseUrl) : null;
if (wire) {
  window.addEventListener("pagehide", () => wire.leave());
  window.addEventListener("pageshow", (e) => { if (e.persisted) location.reload(); });
}
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => start(wire));
else start(wire);
