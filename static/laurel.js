// Small helps on every page. Everything works without them; nothing here knows a feature.
"use strict";
(() => {
  const doc = document;
  const word = (key) => doc.body.dataset["w" + key] || "";

  // Word count with soft limits -------------------------------------------------------------------------------------
  const countWords = (text) => (text.trim() ? text.trim().split(/\s+/u).length : 0);
  const spoken = new Map();

  function showCount(area) {
    const box = doc.getElementById(area.id + "-c");
    if (!box) return;
    const low = Number(box.dataset.low), high = Number(box.dataset.high);
    const n = countWords(area.value);
    const unit = n === 1 ? box.dataset.one : box.dataset.many;
    box.querySelector("b").textContent = n;
    box.querySelector("[data-unit]").textContent = unit;
    box.querySelector(".meter").setAttribute("width", Math.min(100, (n / (high * 1.2)) * 100).toFixed(1) + "%");
    box.classList.toggle("over", n > high);
    clearTimeout(spoken.get(area.id));  // said once the writer pauses, not at every key
    spoken.set(area.id, setTimeout(() => {
      const advice = n > high ? box.dataset.much : n > 0 && n < low ? box.dataset.few : "";
      box.querySelector("[data-spoken]").textContent = advice ? `${n} ${unit}, ${advice}` : `${n} ${unit}`;
    }, 1500));
  }
  doc.addEventListener("input", (event) => {
    if (event.target.matches?.("[data-count]")) showCount(event.target);
  });

  // The error summary takes the focus, after loading and after a swap --------------------------------------------------
  function focusErrors(root) {
    const box = root.matches?.(".errsum") ? root : root.querySelector?.(".errsum");
    if (box) box.focus();
    return Boolean(box);
  }
  doc.addEventListener("click", (event) => {
    const link = event.target.closest?.(".errsum a[href^='#']");
    const field = link && doc.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!field) return;
    event.preventDefault();
    const control = field.matches("input,select,textarea") ? field : field.querySelector("input,select,textarea") || field;
    (field.closest(".field,fieldset") || field).scrollIntoView({ block: "start" });
    control.focus({ preventScroll: true });
  });

  // One submit at a time -----------------------------------------------------------------------------------------------
  doc.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "get" || form.method === "dialog") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(() => mark(form, true));  // after the browser has read the values
    setTimeout(() => release(form), 8000);  // a download answers without leaving the page
  });
  function mark(form, on) {
    for (const button of form.querySelectorAll("button:not([type=button]),input[type=submit]")) {
      if (on) button.setAttribute("aria-disabled", "true"); else button.removeAttribute("aria-disabled");
    }
  }
  function release(form) { delete form.dataset.sent; mark(form, false); }
  addEventListener("pageshow", () => doc.querySelectorAll("form[data-sent]").forEach(release));

  // Dialogs: popovers without scripts, modal with them --------------------------------------------------------------------
  function upgrade(root) {
    for (const dialog of root.querySelectorAll("dialog[data-dialog][popover]")) {
      if (!dialog.showModal) continue;
      dialog.removeAttribute("popover");
      // Closed by a press beside it: not by one on its own edge, nor by marking text that ends beside it.
      const beside = ({ clientX: x, clientY: y }) => {
        const box = dialog.getBoundingClientRect();
        return x < box.left || x > box.right || y < box.top || y > box.bottom;
      };
      let down = false;
      dialog.addEventListener("pointerdown", (event) => { down = event.target === dialog && beside(event); });
      dialog.addEventListener("click", (event) => {
        if (down && event.target === dialog && beside(event)) dialog.close();
        down = false;
      });
      if (dialog.querySelector(".errsum,.err")) dialog.showModal();
    }
    for (const button of root.querySelectorAll("[data-copy][hidden]")) button.hidden = !navigator.clipboard;
  }
  doc.addEventListener("click", (event) => {
    const button = event.target.closest?.("[popovertarget]");
    const dialog = button && doc.getElementById(button.getAttribute("popovertarget"));
    if (!dialog?.matches("dialog[data-dialog]:not([popover])")) return;
    event.preventDefault();
    if (button.getAttribute("popovertargetaction") === "hide" || dialog.open) dialog.close(); else dialog.showModal();
  });

  // Copy -------------------------------------------------------------------------------------------------------------------
  const copied = new WeakMap();
  doc.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy]");
    if (!button) return;
    const from = button.dataset.copy.startsWith("#") && doc.querySelector(button.dataset.copy);
    const label = button.querySelector("span") || button;
    try { await navigator.clipboard.writeText(from ? from.value || from.textContent.trim() : button.dataset.copy); } catch { return; }
    button.setAttribute("aria-live", "polite");
    button.dataset.label ??= label.textContent;  // a second press finds "Copied" there
    label.textContent = word("Copied");
    clearTimeout(copied.get(button));
    copied.set(button, setTimeout(() => { label.textContent = button.dataset.label; }, 2500));
  });

  // File and rubric on a phone: each keeps its own reading place ------------------------------------------------------------
  const places = {};
  doc.addEventListener("click", (event) => {
    const link = event.target.closest?.(".switch a[href^='#']");
    if (!link) return;
    const nav = link.closest(".switch");
    const current = nav.querySelector("[aria-current]");
    if (current && current !== link) places[current.hash] = scrollY;
    for (const other of nav.querySelectorAll("a")) other.removeAttribute("aria-current");
    link.setAttribute("aria-current", "true");
    if (places[link.hash] === undefined || current === link) return;
    event.preventDefault();
    history.replaceState(null, "", link.hash);
    scrollTo({ top: places[link.hash], behavior: "instant" });
  });

  // htmx: dialogs in what was swapped in, errors first, what changed and a lost connection said aloud -------------------------------
  doc.addEventListener("htmx:load", (event) => upgrade(event.detail.elt));

  // Who asks without a press: a form that saves itself (drafts.js speaks for these), a field in it that looks something up, a
  // part of the page that looks again by the clock. "" for what a person pressed.
  function quiet(event) {
    const asks = event.detail.requestConfig?.elt || event.detail.elt;  // after a swap, elt is what was swapped in
    if (asks.closest?.("[data-autosave]")) return event.detail.requestConfig?.verb === "get" ? "look" : "save";
    return /^(every|load)\b/.test(asks.getAttribute?.("hx-trigger") || "") ? "clock" : "";
  }
  const savesItself = (event) => ["save", "look"].includes(quiet(event));

  // A notice goes when the next button is pressed; one of a quiet request, when such a request succeeds again.
  let noticeOf = "";
  function notice(text, by = "") {
    const box = doc.getElementById("notices");
    if (!box) return;
    noticeOf = by;
    if (box.textContent !== text) box.textContent = text;  // the same is not said every two seconds
  }

  // The one place that is always there says what changed: a live region that comes with the swap itself is often not read.
  // [data-said]: its text, or the words in the attribute. A part that asks by the clock is read now and then.
  let told = 0, telling;
  function tell(root, byClock) {
    const line = root.matches?.("[data-said]") ? root : root.querySelector?.("[data-said]");
    const box = doc.getElementById("said");
    if (!line || !box || (byClock && Date.now() - told < 15000)) return;
    told = Date.now();
    box.textContent = "";  // or the same words would not be read again
    clearTimeout(telling);
    telling = setTimeout(() => { box.textContent = line.dataset.said || line.textContent.trim(); }, 100);
  }

  doc.addEventListener("htmx:afterSwap", (event) => {
    const { elt, target } = event.detail;
    const by = quiet(event);
    tell(elt, by === "clock");
    if (focusErrors(elt) || target.id !== "notices") return;
    noticeOf = by;
    if (!by) scrollTo({ top: 0 });
  });
  doc.addEventListener("htmx:beforeRequest", (event) => { if (!quiet(event)) notice(""); });
  doc.addEventListener("htmx:afterRequest", (event) => {
    const good = event.detail.successful && event.detail.xhr.status < 400;  // to htmx a 422 is a success, too
    if (good && noticeOf && noticeOf === quiet(event)) notice("");
  });
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    doc.addEventListener(name, (event) => { if (!savesItself(event)) notice(word("Broken"), quiet(event)); });
  }
  // The token was old (somebody signed in or out in another window): the answer brings a fresh one for the whole page.
  doc.addEventListener("htmx:beforeSwap", (event) => {
    const token = event.detail.xhr.getResponseHeader("X-CSRFToken");
    if (!token) return;
    for (const field of doc.querySelectorAll("input[name=csrf_token]")) field.value = token;
    doc.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
    if (savesItself(event)) event.detail.shouldSwap = false;  // sent again at once: nothing to tell
  });
  doc.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status > 500 && !savesItself(event)) notice(word("Broken"), quiet(event));  // a proxy answered, not the product
  });

  // A row of tabs that is wider than the screen shows the one we are on.
  for (const here of doc.querySelectorAll(".tabs [aria-current]")) {
    const row = here.closest("ul");
    row.scrollLeft = here.offsetLeft - row.offsetLeft - (row.clientWidth - here.offsetWidth) / 2;
  }

  upgrade(doc);
  focusErrors(doc);
})();
