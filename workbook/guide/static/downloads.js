// What can be kept of a page: pictures, tables, spreadsheets, the pack; and printing.

import { keep } from "./sheets.js";

export const downloads = {
  actions: {
    keep: (page, button) => page.send({ kind: "keep", key: button.dataset.of, form: button.dataset.form }),
    tables: (page, button) => page.send({ kind: "tables", whole: Boolean(button.dataset.whole) }),
    pack: (page) => page.send({ kind: "pack" }),
    "pack-file": (page, button) => page.send({ kind: "pack-file", name: button.dataset.file }),
    print: (page, button) => printPart(page, Boolean(button.dataset.whole)),
  },

  replies: {
    file(page, file) { if (file.form === "png") paintPicture(page, file); else keep(file); },

    // The pack that is there; whoever waited for it hears of it by the line above.
    pack(page, html) { const box = page.find("wg-pack"); if (box) box.innerHTML = html; },

    // The whole step was asked for only to be printed: afterwards the part is shown that was there before.
    view(page) {
      if (!page.printing) return;
      const { before, button } = page.printing;
      page.printing = null;
      setTimeout(() => {
        window.print();
        page.printed = button;
        page.send({ kind: "view", view: before, back: true });
      }, 50);
    },

    order(page) { if (page.printed) { page.printed.focus(); page.printed = null; } },
  },
};

function printPart(page, whole) {
  page.flush();
  if (!whole || page.root.dataset.view === "all") { window.print(); return; }
  page.printing = { before: page.root.dataset.view, button: document.activeElement };
  page.send({ kind: "view", view: "all", back: true });
}

const TWICE = 2; // pixels of a picture for one on the screen

// The browser draws the picture as it draws the page: no other letters, and no work for the server.
function paintPicture(page, file) {
  const image = new Image();
  image.addEventListener("load", () => {
    const canvas = document.createElement("canvas");
    canvas.width = image.naturalWidth * TWICE;
    canvas.height = image.naturalHeight * TWICE;
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => (blob ? keepPicture(blob, file.name) : noPicture(page)), "image/png");
  });
  image.addEventListener("error", () => noPicture(page));
  image.src = `data:image/svg+xml;base64,${file.content}`;
}

function noPicture(page) { page.alert("said", "This browser cannot draw the picture. Download it as SVG.", []); }

function keepPicture(blob, name) {
  const reader = new FileReader();
  reader.addEventListener("load", () => keep({ name, content: reader.result.split(",")[1] }));
  reader.readAsDataURL(blob);
}
