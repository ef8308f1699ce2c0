// The widget of a page: under the workbook's own host (host.js) and under
// JupyterLab's widget manager, which differ only in who delivers the messages.

import { Page } from "./page.js";

function render({ model, el }) {
  if (!el.querySelector(".wg-page")) el.innerHTML = model.get("html");
  const page = new Page(model, el);
  page.start();
  return () => page.stop();
}

export default { render };
