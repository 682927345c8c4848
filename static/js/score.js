// The scoring sheet's keys: 1-4 level, 0 cannot judge, j/k next and previous criterion, Ctrl+Enter submits.
// Expects <form data-sheet> with <details class="crit"> holding radio buttons of values 0-4. A checkbox [data-keys-toggle]
// turns single keys off (kept on this device). Never while typing, but for Ctrl+Enter.
"use strict";
(() => {
  const doc = document;
  const sheet = () => doc.querySelector("form[data-sheet]");
  const crits = (form) => [...form.querySelectorAll("details.crit")];
  const OFF = "laurel:keys-off";
  const toggle = () => doc.querySelector("[data-keys-toggle]");

  function off() { try { return localStorage.getItem(OFF) === "1"; } catch { return false; } }

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
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      const button = form.querySelector("[data-default]");
      if (button) form.requestSubmit(button);
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || off()) return;
    const at = event.target;
    if (at.isContentEditable || at.matches?.("textarea,select,input:not([type=radio]):not([type=checkbox])")) return;
    if (/^[0-4]$/.test(event.key)) { event.preventDefault(); choose(form, event.key); }
    else if (event.key === "j") { event.preventDefault(); open(form, current(form) + 1); }
    else if (event.key === "k") { event.preventDefault(); open(form, current(form) - 1); }
  });

  doc.addEventListener("change", (event) => {
    if (event.target === toggle()) {
      try { localStorage.setItem(OFF, event.target.checked ? "0" : "1"); } catch { /* stays for this page only */ }
    }
  });
  if (toggle()) toggle().checked = !off();
})();
