// What a page must hold besides what axe looks at. Each check gives a list of sentences, empty where all is well.
(() => {
  const told = (e) => e.outerHTML.replace(/\s+/g, " ").slice(0, 140);
  const shown = (e) => e.checkVisibility({ visibilityProperty: true }) && e.getClientRects().length > 0 && !e.closest(".wg-unseen, .wg-skip");
  const all = (css) => [...document.querySelectorAll(css)].filter(shown);
  const CONTROLS = "input:not([type=hidden]), select, textarea, button, a[href], summary";

  // A name from labels, aria-label(ledby) or the words inside.
  function name(e) {
    const by = (e.getAttribute("aria-labelledby") || "").split(" ").map((id) => document.getElementById(id)?.textContent || "").join(" ");
    return (by.trim() || e.getAttribute("aria-label") || [...(e.labels || [])].map((l) => l.textContent).join(" ") || e.textContent || "").trim();
  }

  const names = () => all(CONTROLS).filter((e) => !name(e)).map((e) => `no name: ${told(e)}`);

  // A hint or an error that nothing refers to is not read out with its field.
  function described() {
    const used = new Set([...document.querySelectorAll("[aria-describedby]")].flatMap((e) => e.getAttribute("aria-describedby").split(" ")));
    const told_ = [...document.querySelectorAll(".wg-hint[id$='-h'], .wg-error[id$='-e']")];
    const lost = told_.filter((e) => !used.has(e.id)).map((e) => `a hint or error no field refers to: ${told(e)}`);
    const dead = [...used].filter((id) => id && !document.getElementById(id)).map((id) => `described by ${id}, which is not there`);
    return [...lost, ...dead];
  }

  function headings() {
    const found = all("h1, h2, h3, h4, h5, h6").filter((h) => !h.closest("dialog")).map((h) => [Number(h.tagName[1]), h]);
    const wrong = found.filter(([level, h], n) => n && level > found[n - 1][0] + 1).map(([, h]) => `a level of headings is left out before ${told(h)}`);
    return found.filter(([level]) => level === 1).length === 1 ? wrong : [...wrong, "there is not one heading of level 1"];
  }

  // Nearest colour that is painted behind an element.
  function behind(e) {
    for (let up = e; up; up = up.parentElement) {
      const c = rgb(getComputedStyle(up).backgroundColor);
      if (c && c[3] === 1) return c;
    }
    return [255, 255, 255, 1];
  }
  function rgb(text) {
    const m = text.match(/rgba?\(([^)]+)\)/);
    if (!m) return null;
    const [r, g, b, a = 1] = m[1].split(/[,/ ]+/).map(Number);
    return [r, g, b, a];
  }
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)).reduce((sum, v, n) => sum + v * [0.2126, 0.7152, 0.0722][n], 0);
  const contrast = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };

  // The edge of a field, or the face of a button, against what lies around it: 3 to 1.
  function edges() {
    const fields = all(".wg-page :is(input[type=text], input[type=date], textarea, select, button)").filter((e) => !e.disabled);
    return fields.filter((e) => {
      const style = getComputedStyle(e);
      const around = behind(e.parentElement);
      const border = rgb(style.borderTopColor);
      const edged = style.borderTopStyle !== "none" && border && contrast(border, around) >= 3;
      const words = e.tagName === "BUTTON" && contrast(rgb(style.color), around) >= 4.5; // a button that is words alone
      return !edged && contrast(behind(e), around) < 3 && !words;
    }).map((e) => `the edge has a contrast below 3: ${told(e)}`);
  }

  // 24 by 24 pixels, with the label that belongs to it; links in running text are exempt.
  function targets() {
    return all(CONTROLS).filter((e) => {
      const inText = e.tagName === "A" && getComputedStyle(e).display === "inline" && e.closest("p, li, td, dd, caption");
      if (inText) return false;
      const boxes = [e, ...(e.type === "radio" || e.type === "checkbox" ? e.labels : [])].map((x) => x.getBoundingClientRect());
      const width = Math.max(...boxes.map((b) => b.right)) - Math.min(...boxes.map((b) => b.left));
      const height = Math.max(...boxes.map((b) => b.bottom)) - Math.min(...boxes.map((b) => b.top));
      return width < 23.9 || height < 23.9;
    }).map((e) => { const b = e.getBoundingClientRect(); return `${b.width.toFixed(0)} x ${b.height.toFixed(0)} px is too small: ${told(e)}`; });
  }

  // Tab goes through a view as it is read: never to something that lies wholly above what was before it.
  function order() {
    const wrong = [...document.querySelectorAll("[tabindex]")].filter((e) => e.tabIndex > 0).map((e) => `tabindex above 0: ${told(e)}`);
    const stops = all("#wg-content :is(input, select, textarea, button, a[href], summary)");
    for (let n = 1; n < stops.length; n += 1) {
      const [a, b] = [stops[n - 1].getBoundingClientRect(), stops[n].getBoundingClientRect()];
      if (b.bottom <= a.top - 2 && b.left <= a.right) wrong.push(`comes after what lies below it: ${told(stops[n])}`);
    }
    return wrong;
  }

  // A mark beside each state has its words; a wrong field has its error in words.
  function colour() {
    const marks = [...document.querySelectorAll(".wg-state, .wg-badge, .wb-finding")].filter((e) => !e.textContent.trim()).map((e) => `told by colour alone: ${told(e)}`);
    const wrong = all("[aria-invalid=true]").filter((e) => {
      const ids = `${e.getAttribute("aria-describedby") || ""} ${e.closest("fieldset")?.getAttribute("aria-describedby") || ""}`.split(" ");
      return !ids.some((id) => id && /Error:/.test(document.getElementById(id)?.textContent || ""));
    }).map((e) => `wrong, and not said in words: ${told(e)}`);
    return [...marks, ...wrong];
  }

  // Text that its box does not hold.
  function cut() {
    return all(".wg-page *, .wg-body > *").filter((e) => {
      const style = getComputedStyle(e);
      const hides = ["hidden", "clip"].includes(style.overflowX) || ["hidden", "clip"].includes(style.overflowY);
      return hides && style.clipPath === "none" && e.clientWidth > 1 && !e.closest("svg") && e.tagName !== "svg" && e.textContent.trim() && (e.scrollHeight > e.clientHeight + 2 || e.scrollWidth > e.clientWidth + 2);
    }).map((e) => `cut off: ${told(e)}`);
  }

  window.workbookChecks = {
    cut,
    all: () => [names, described, headings, edges, targets, order, colour].flatMap((check) => check().slice(0, 5)),
  };
})();
