// Makes one element like another and keeps what the person is doing: the field
// with the focus, values not saved yet, folded and unfolded parts, scrolling.
export function morph(old, made) {
  if (old.tagName === "DIALOG" || old.isEqualNode(made)) return; // what a person is being asked stays
  if (old.tagName === "svg" || old.tagName !== made.tagName) { old.replaceWith(made); return; }
  attributes(old, made);
  if (old.tagName === "TEXTAREA") { values(old, made.defaultValue, () => { old.defaultValue = made.defaultValue; }); return; }
  if (old.tagName === "INPUT" || old.tagName === "SELECT") settle(old, made);
  children(old, made);
  if (old.tagName === "SELECT" && !old.dataset.dirty) old.value = made.value;
}

const TYPED = ["data-dirty", "data-base"];
const KEEP = { DETAILS: ["open", "data-asked"], INPUT: ["value", ...TYPED], TEXTAREA: TYPED, SELECT: TYPED };

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
