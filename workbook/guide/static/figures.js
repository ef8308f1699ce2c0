// Official figures: files are sent piece by piece, read by the kernel, and taken when the person says so.

import { STOPS, showWork } from "./work.js";

const PIECE_OF_FILE = 1000000; // bytes
const MOST_OF_FILE = 100000000; // bytes of a file; the kernel asks again
const FILES_AT_ONCE = 5;

export const figures = {
  start() { STOPS.set("figures", stopFiles); },

  actions: {
    "figures-read": (page) => readFiles(page),
    "figures-take": (page) => page.send({ kind: "figures-take" }),
    "figures-drop": (page) => { page.send({ kind: "figures-drop" }); page.find("wg-figures-file").focus(); },
  },

  replies: {
    upload(page, told) { sendOn(page, told); },

    // What is said of the files takes the focus, so that it is read out and its buttons are next.
    figures(page, html, sent) {
      const box = page.find("wg-figures");
      if (!box) return;
      box.innerHTML = html;
      const said = box.querySelector("[tabindex]");
      if (said && !(sent && sent.kind === "figures-drop")) { said.focus(); said.scrollIntoView({ block: "nearest" }); }
    },
  },
};

function readFiles(page) {
  const input = page.find("wg-figures-file");
  const files = [...input.files];
  const problem = faultOfFiles(files);
  page.problems.mark(input.id, problem);
  page.problems.list(Boolean(problem));
  if (problem || page.sending) return;
  page.find("wg-figures").innerHTML = "";
  page.sending = { files, at: 0, bytes: files.reduce((sum, f) => sum + f.size, 0), before: 0 };
  page.send({ kind: "figures-drop" });
  announceFile(page);
}

function faultOfFiles(files) {
  if (!files.length) return "Choose a file first.";
  if (files.length > FILES_AT_ONCE) return `Choose ${FILES_AT_ONCE} files at most at a time.`;
  const large = files.find((f) => f.size > MOST_OF_FILE);
  if (large) return `${large.name} is larger than 100 MB. Save only the rows and columns that are needed.`;
  const empty = files.find((f) => !f.size);
  return empty ? `${empty.name} is empty. Save or download it again.` : "";
}

function announceFile(page) {
  const { files, at } = page.sending;
  showUpload(page, 0);
  page.send({ kind: "figures-begin", name: files[at].name, size: files[at].size });
}

// The next piece of the file that is on its way, the next file, or the reading of all.
function sendOn(page, told) {
  const sending = page.sending;
  if (!sending) return;
  if (told.over) { endSending(page, ""); return; }
  const file = sending.files[sending.at];
  showUpload(page, told.share || 0);
  if (told.share >= 1) {
    sending.before += file.size;
    sending.at += 1;
    if (sending.at < sending.files.length) announceFile(page);
    else { page.sending = null; page.send({ kind: "figures-check" }); }
    return;
  }
  const reader = new FileReader();
  reader.addEventListener("load", () => {
    if (page.sending === sending) page.send({ kind: "figures-piece", upload: told.id, number: told.next, content: reader.result.split(",")[1] });
  });
  reader.addEventListener("error", () => {
    endSending(page, "");
    page.send({ kind: "figures-drop" });
    page.problems.mark("wg-figures-file", `${file.name} cannot be read: it was moved or changed. Choose it again.`);
    page.problems.list(true);
  });
  reader.readAsDataURL(file.slice(told.next * PIECE_OF_FILE, (told.next + 1) * PIECE_OF_FILE));
}

function showUpload(page, share) {
  const { files, at, bytes, before } = page.sending;
  const came = before + share * files[at].size;
  const mb = (n) => (n / 1e6).toFixed(1);
  showWork(page, { where: "figures", title: "Sending the files", share: true, at: came, of: bytes, over: "", aloud: "",
    line: `Sending ${files[at].name}: ${mb(came)} of ${mb(bytes)} MB.` });
}

function endSending(page, words) {
  page.sending = null;
  showWork(page, { where: "figures", title: "Sending the files", over: "stopped", line: words, aloud: words });
}

function stopFiles(page) {
  if (page.sending) {
    endSending(page, "Sending the files: stopped. Nothing was kept.");
    page.send({ kind: "figures-drop" });
  } else page.send({ kind: "figures-stop" });
}
