// Acts on many files: says how many are ticked, ticks a row of them with Shift, and keeps the bar in sight meanwhile.
// Without it, one ticks box by box and the bar stands above the list.
"use strict";
(() => {
  const doc = document;
  const boxes = () => [...doc.querySelectorAll('input[name="file"][form="bulk"]')];
  let last = null;

  function count() {
    const bar = doc.querySelector("[data-many]");
    if (!bar) return;
    const n = boxes().filter((box) => box.checked).length;
    const option = bar.querySelector('option[value="ticked"]');
    const words = option.dataset;
    option.textContent = n === 0 ? words.none : n === 1 ? words.one : words.many.replace("{n}", n);
    bar.classList.toggle("some", n > 0);
    if (n > 0) option.parentElement.value = "ticked";
  }

  doc.addEventListener("click", (event) => {
    const all = boxes();
    const at = all.indexOf(event.target);
    if (at < 0) return;
    const from = all.indexOf(last);
    if (event.shiftKey && from >= 0) {
      for (const box of all.slice(Math.min(at, from), Math.max(at, from) + 1)) box.checked = event.target.checked;
    }
    last = event.target;
  });
  doc.addEventListener("change", (event) => { if (event.target.form?.id === "bulk" && event.target.name === "file") count(); });
  doc.addEventListener("htmx:load", count);
  addEventListener("pageshow", count);
  count();
})();
