// The scoring sheet's keys: 1-4 level, 0 cannot judge, j/k next and previous criterion, Ctrl+Enter submits.
// Expects keys.js, and <form data-sheet> with <details class="crit"> holding radio buttons of values 0-4.
"use strict";
(() => {
  const doc = document;
  const sheet = () => doc.querySelector("form[data-sheet]");
  const crits = (form) => [...form.querySelectorAll("details.crit")];

  function open(form, index) {
    const all = crits(form);
    const at = Math.max(0, Math.min(all.length - 1, index));
    all.forEach((crit, i) => { crit.open = i === at; });
    const summary = all[at]?.querySelector("summary");
    summary?.focus({ preventScroll: true });
    all[at]?.scrollIntoView({ block: "nearest" });
  }

  function current(form) {
    const all = crits(form);
    const focused = all.findIndex((crit) => crit.contains(doc.activeElement));
    return focused >= 0 && all[focused].open ? focused : all.findIndex((crit) => crit.open);
  }

  function choose(form, value) {
    const crit = crits(form)[current(form)];
    const radio = crit?.querySelector(`input[type=radio][value="${value}"]`);
    if (!radio || radio.disabled) return;
    radio.focus({ preventScroll: true });
    if (!radio.checked) { radio.checked = true; radio.dispatchEvent(new Event("change", { bubbles: true })); }
  }

  doc.addEventListener("keydown", (event) => {
    const form = sheet();
    if (!form || event.defaultPrevented || doc.querySelector("dialog[open]")) return;
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    const button = form.querySelector("[data-default]");
    if (button) form.requestSubmit(button);
  });
  doc.addEventListener("laurel:key", (event) => {
    const form = sheet(), key = event.detail.key;
    if (!form || !/^[0-4jk]$/.test(key)) return;
    event.preventDefault();
    if (key === "j") open(form, current(form) + 1);
    else if (key === "k") open(form, current(form) - 1);
    else choose(form, key);
  });
})();
