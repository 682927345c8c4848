// Keys in a list: j and k go to the next and the previous row, x marks it, Enter opens it (the focus is on its link), Escape
// leaves the rows. Expects keys.js, and <tbody data-rows> whose rows hold a link .name; what x presses is their checkbox.
"use strict";
(() => {
  const doc = document;
  const rows = () => [...doc.querySelectorAll("[data-rows] > tr")].filter((row) => row.querySelector("a.name"));
  const current = () => doc.activeElement?.closest?.("[data-rows] > tr") || null;

  function go(by) {
    const all = rows(), at = all.indexOf(current());
    const next = at < 0 ? all[by > 0 ? 0 : all.length - 1] : all[Math.max(0, Math.min(all.length - 1, at + by))];
    if (!next) return false;
    next.querySelector("a.name").focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
    return true;
  }

  function mark(row) {
    const box = row?.querySelector("input[type=checkbox]:not(:disabled)");
    if (box) box.click();
    return Boolean(box);
  }

  doc.addEventListener("laurel:key", (event) => {
    const { key, repeat } = event.detail;
    let done = false;
    if (key === "j" || key === "k") done = go(key === "j" ? 1 : -1);
    else if (key === "x" && !repeat) done = mark(current());
    else if (key === "Escape" && current()) { doc.activeElement.blur(); done = true; }
    if (done) event.preventDefault();
  });
  // From the search down into the rows: Escape in an empty search field leaves it.
  doc.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.matches?.("input[type=search][data-key]") && !event.target.value) event.target.blur();
  });
})();
