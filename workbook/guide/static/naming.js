// The name that changes are saved under is asked once per browser, at the first change without one, and nobody has
// to answer. It is kept in the browser and nobody checks it; where a hub vouches for a name, none is asked.

const ASKED = "workbook-name-asked";

export const naming = {
  replies: {
    did(page, { nameless }, sent) { if (nameless && sent && sent.kind !== "undo" && !wasAsked() && !page.el.querySelector("[data-alert]")) askForName(page); },
  },
};

function wasAsked() { try { return localStorage.getItem(ASKED) === "1"; } catch { return false; } }

function askForName(page) {
  const words = "Saved without a name. Give yours, and others know whom to ask. Nobody checks it.";
  page.tell(`${words} The question stands at the top of the page.`);
  const over = (name) => {
    try { localStorage.setItem(ASKED, "1"); } catch { /* asked again next time */ }
    if (name) page.named(name);
    page.quiet("name");
    if (name) page.tell(`From now on your changes are saved as ${name}.`);
  };
  const box = document.createElement("div");
  box.className = "wg-ask";
  const field = document.createElement("div");
  const label = document.createElement("label");
  label.htmlFor = "wg-asked-name";
  label.textContent = "Your name";
  const input = document.createElement("input");
  input.type = "text";
  input.id = "wg-asked-name";
  input.maxLength = 100;
  input.autocomplete = "name";
  input.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); over(input.value.trim()); } });
  field.append(label, input);
  box.append(field);
  page.note("name", words, [["Keep my name", () => over(input.value.trim())], ["Not now", () => over("")]], box);
}
