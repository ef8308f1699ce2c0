// Reads the points of a chart one by one, by keys, finger or pointer. Without it a chart is a picture with its table.

const NEAR = 24; // pixels between a finger and the point it means

function element(tag, name, words = "") {
  const made = document.createElement(tag);
  made.className = name;
  made.textContent = words;
  return made;
}

function middle(point) {
  const box = point.getBoundingClientRect();
  return [box.left + box.width / 2, box.top + box.height / 2];
}

function nearest(points, event) {
  const away = points.map((point) => {
    const [x, y] = middle(point);
    return Math.hypot(x - event.clientX, y - event.clientY);
  });
  const least = Math.min(...away);
  return least <= NEAR ? away.indexOf(least) : -1;
}

function read(chart) {
  const points = [...chart.querySelectorAll("path > title")].map((title) => title.parentNode);
  if (!points.length) return;
  const bar = element("div", "wb-points");
  const back = element("button", "", "Previous point");
  const on = element("button", "", "Next point");
  const said = element("output", "", `${points.length} points: choose one to read its figure.`);
  [back, on].forEach((button) => { button.type = "button"; });
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", "The points of the chart, one by one");
  bar.append(back, on, said);
  chart.after(bar);

  let at = -1;
  const show = (to) => {
    if (at >= 0) points[at].classList.remove("wb-point-read");
    at = (to + points.length) % points.length;
    points[at].classList.add("wb-point-read");
    said.textContent = `${points[at].querySelector("title").textContent} (point ${at + 1} of ${points.length})`;
  };
  on.addEventListener("click", () => show(at + 1));
  back.addEventListener("click", () => show(at < 0 ? -1 : at - 1));
  chart.addEventListener("click", (event) => {
    const found = nearest(points, event);
    if (found >= 0) show(found);
  });
}

document.querySelectorAll(".wb-chart").forEach(read);
