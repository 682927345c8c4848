// One letter presses one button or link: whatever bears data-key="j". Never while typing, with Ctrl or Alt, or in an open
// dialog. A checkbox [data-keys-toggle] turns single keys off (kept on this device).
"use strict";
(() => {
  const doc = document;
  const OFF = "laurel:keys-off";
  const toggle = () => doc.querySelector("[data-keys-toggle]");
  function off() { try { return localStorage.getItem(OFF) === "1"; } catch { return false; } }

  doc.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey || off()) return;
    const at = event.target;
    if (at.isContentEditable || at.matches?.("textarea,select,input:not([type=radio]):not([type=checkbox])")) return;
    if (doc.querySelector("dialog[open]") || !/^[a-z]$/i.test(event.key)) return;
    const pressed = doc.querySelector(`[data-key="${event.key.toLowerCase()}"]`);
    if (!pressed) return;
    event.preventDefault();
    pressed.click();
  });
  doc.addEventListener("change", (event) => {
    if (event.target !== toggle()) return;
    try { localStorage.setItem(OFF, event.target.checked ? "0" : "1"); } catch { /* stays for this page only */ }
  });
  const show = () => { if (toggle()) toggle().checked = !off(); };
  doc.addEventListener("htmx:load", show);
  show();
})();
