// Lists of the plan from and to a spreadsheet.

import { fieldId } from "./places.js";

const LARGEST = 5000000; // bytes of a spreadsheet; the kernel asks again

export const sheets = {
  actions: {
    "rows-in": (page, button) => bring(page, button.dataset.path),
    "rows-take": (page, button) => page.send({ kind: "rows-take", path: button.dataset.path }),
    "rows-out": (page, button) => page.send({ kind: "rows-out", path: button.dataset.path }),
    "rows-drop": (page, button) => { show(page, button.dataset.path, ""); page.find(`${fieldId(button.dataset.path)}-file`).focus(); },
  },

  replies: {
    rows(page, said) { for (const [path, html] of Object.entries(said)) show(page, path, html); },
  },
};

function bring(page, path) {
  const input = page.find(`${fieldId(path)}-file`);
  const [file] = input.files;
  let problem = "";
  if (!file) problem = "Choose a file first.";
  else if (file.size > LARGEST) problem = `${file.name} is larger than 5 MB. Save only the sheets that are to be brought in.`;
  page.problems.mark(input.id, problem);
  page.problems.list(Boolean(problem));
  if (problem) return;
  const reader = new FileReader();
  reader.addEventListener("load", () => {
    const update = page.find(`${fieldId(path)}-update`).checked;
    page.send({ kind: "rows-in", path, name: file.name, update, content: reader.result.split(",")[1] || "" });
  });
  reader.addEventListener("error", () => {
    page.problems.mark(input.id, "The file cannot be read: it was moved or changed. Choose it again.");
    page.problems.list(true);
  });
  show(page, path, "<p>The file is being read.</p>");
  reader.readAsDataURL(file);
}

// What is said of a file takes the focus, so that it is read out and its buttons are next.
function show(page, path, html) {
  const box = page.find(`${fieldId(path)}-rows`);
  if (!box) return;
  box.innerHTML = html;
  const said = box.querySelector("[tabindex]");
  if (said) { said.focus(); said.scrollIntoView({ block: "nearest" }); }
}

// A file that the kernel made, kept where the browser keeps what is downloaded.
export function keep({ name, content }) {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
  link.download = name;
  link.target = "_self"; // not a way off the page
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
