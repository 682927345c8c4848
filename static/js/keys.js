// Single keys, for every page that has some. One letter presses the button or link with data-key="j", or goes to the field
// with it; before that the page is told ("laurel:key"), and whoever acts on it (score.js, rows.js) prevents the rest.
// Never while typing, with Ctrl or Alt, or in an open dialog; and no link while something typed waits for its button.
// A checkbox [data-keys-toggle] turns single keys off (kept on this device).
"use strict";
(() => {
  const doc = document;
  const OFF = "laurel:keys-off";
  const toggles = () => doc.querySelectorAll("[data-keys-toggle]");
  function off() { try { return localStorage.getItem(OFF) === "1"; } catch { return false; } }
  const typing = (at) => at.isContentEditable || at.matches?.("textarea,select,input:not([type=radio]):not([type=checkbox])");

  // Whether a form that is sent by its button holds something else than it came with: following a link would lose it.
  function differs(field) {
    if (field.type === "radio" || field.type === "checkbox") return field.checked !== field.defaultChecked;
    if (field.type !== "select-one") return field.matches("input,textarea") && field.value !== field.defaultValue;
    return field.selectedIndex !== Math.max(0, [...field.options].findIndex((option) => option.defaultSelected));
  }
  const unsent = () => [...doc.querySelectorAll("form[method=post]:not([data-autosave])")].some(
    (form) => [...form.elements].some(differs),
  );

  doc.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || off()) return;
    if (typing(event.target) || doc.querySelector("dialog[open]") || !/^([a-z0-9/?]|Escape)$/i.test(event.key)) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const told = new CustomEvent("laurel:key", { bubbles: true, cancelable: true, detail: { key, repeat: event.repeat } });
    if (!event.target.dispatchEvent(told)) { event.preventDefault(); return; }
    const found = event.repeat || key === "Escape" ? null : doc.querySelector(`[data-key="${key}"]`);
    if (!found) return;
    event.preventDefault();
    if (found.matches("a[href]:not([hx-get])") && unsent()) {
      doc.getElementById("notices").textContent = doc.body.dataset.wUnsent;
      return;
    }
    if (found.matches("input:not([type=checkbox]):not([type=radio]),select,textarea")) { found.focus(); found.select?.(); }
    else found.click();
  });
  doc.addEventListener("change", (event) => {
    if (!event.target.matches?.("[data-keys-toggle]")) return;
    try { localStorage.setItem(OFF, event.target.checked ? "0" : "1"); } catch { /* stays for this page only */ }
  });
  const show = () => { for (const toggle of toggles()) toggle.checked = !off(); };
  doc.addEventListener("htmx:load", show);
  show();
})();
