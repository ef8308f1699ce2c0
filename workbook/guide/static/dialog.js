// Dialogs, for every part of the page. The focus goes back to where it was, and Escape says no.
//
//   askFirst(page, { title, sentence, html, field, yes, no }) asks before something is done. It gives a promise of
//     null (no, or Escape) or { text } (yes, with what was typed). `sentence` is plain words, `html` comes from the
//     kernel; `field` = { label, hint, problem } asks for words, and `problem` is said where there are none.
//   openPanel(page, title) opens the large one, to look things up in, and gives the element to fill;
//     closePanel(page) closes it.

export function askFirst(page, { title, sentence = "", html = "", field, yes, no = "Cancel" }) {
  const box = page.find("wg-dialog");
  if (box.open) box.close();
  const was = document.activeElement;
  const heading = titled("wg-dialog-title", title);
  const words = document.createElement("div");
  if (html) words.innerHTML = html;
  else if (sentence) { const p = document.createElement("p"); p.textContent = sentence; words.append(p); }
  const asked = field ? askedFor(field) : null;
  const answers = document.createElement("div");
  answers.className = "wg-answers";
  box.replaceChildren(heading, words, ...(asked ? [asked.box] : []), answers);
  return new Promise((resolve) => {
    let given = null;
    const agree = pressed(yes, "", () => {
      if (asked && !asked.value()) { asked.complain(); return; }
      given = { text: asked ? asked.value() : "" };
      box.close();
    });
    answers.append(agree, pressed(no, "wg-quiet", () => box.close()));
    box.addEventListener("close", () => { box.replaceChildren(); giveBack(page, was); resolve(given); }, { once: true });
    box.showModal();
    if (asked) asked.focus(); else (html ? heading : agree).focus();
    box.scrollTop = 0;
  });
}

export function openPanel(page, title) {
  const box = page.find("wg-panel");
  const was = document.activeElement;
  const inside = document.createElement("div");
  const close = pressed("Close", "wg-quiet", () => box.close());
  const heading = titled("wg-panel-title", title);
  box.replaceChildren(heading, inside, close);
  if (!box.open) {
    box.addEventListener("close", () => { box.replaceChildren(); giveBack(page, was); }, { once: true });
    box.showModal();
  }
  heading.focus();
  box.scrollTop = 0;
  return inside;
}

export function closePanel(page) { const box = page.find("wg-panel"); if (box && box.open) box.close(); }

function titled(id, text) {
  const heading = document.createElement("h2");
  heading.id = id;
  heading.tabIndex = -1;
  heading.textContent = text;
  return heading;
}

function pressed(label, look, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = look;
  button.textContent = label;
  button.addEventListener("click", act);
  return button;
}

// A question for words in a dialog, with its hint and what is said where there are none.
function askedFor({ label, hint = "", problem }) {
  const box = document.createElement("div");
  box.className = "wg-field";
  const name = document.createElement("label");
  name.htmlFor = "wg-dialog-text";
  name.textContent = label;
  const help = document.createElement("p");
  help.id = "wg-dialog-text-h";
  help.className = "wg-hint";
  help.textContent = hint;
  const wrong = document.createElement("p");
  wrong.id = "wg-dialog-text-e";
  wrong.className = "wg-error";
  wrong.hidden = true;
  const area = document.createElement("textarea");
  area.id = "wg-dialog-text";
  area.rows = 3;
  area.setAttribute("aria-describedby", "wg-dialog-text-h wg-dialog-text-e");
  box.append(name, help, wrong, area);
  return {
    box,
    value: () => area.value.trim(),
    focus: () => area.focus(),
    complain() {
      wrong.textContent = `Error: ${problem}`;
      wrong.hidden = false;
      area.setAttribute("aria-invalid", "true");
      area.focus();
    },
  };
}

// Back to the control that opened a dialog, or to the one that stands in its place now.
function giveBack(page, was) {
  const there = was && was.isConnected && was !== document.body ? was : was && was.id && page.find(was.id);
  if (there) { there.focus(); return; }
  const main = page.el.closest("main");
  if (main) main.focus();
}
