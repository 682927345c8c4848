// Forms that save as one types (data-autosave): what a lost connection or a refusal kept from being saved stays on this device,
// is tried again, and is put back when the page is opened anew. Nothing is kept of what the server has.
"use strict";
(() => {
  const doc = document;
  const PREFIX = "laurel:draft:";
  const word = (key) => doc.body.dataset["w" + key] || "";
  const keyOf = (form) => PREFIX + (form.getAttribute("hx-post") || location.pathname);
  const boxOf = (form) => doc.querySelector(form.dataset.autosave || "#saved");
  const unsaved = new Set();

  const store = {
    get(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
    set(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* full or forbidden: nothing to do */ } },
    drop(key) { try { localStorage.removeItem(key); } catch { /* the same */ } },
  };

  const LEFT = "laurel:left";  // which form was sent by its button: the page that comes next tells whether it arrived
  function leaving(form) {
    try {
      const before = sessionStorage.getItem(LEFT);
      if (form) sessionStorage.setItem(LEFT, JSON.stringify({ key: keyOf(form), path: location.pathname }));
      else sessionStorage.removeItem(LEFT);
      return JSON.parse(before);
    } catch { return null; }
  }

  // Whether the form's page led to this one, so that what it sent has arrived: who goes back from a dead page, or loads a
  // page anew, does not come from there.
  function ledFrom(path) {
    const how = performance.getEntriesByType("navigation")[0]?.type;
    return how === "navigate" && (!doc.referrer || new URL(doc.referrer).pathname === path);
  }

  const kept = (form) => [...form.elements].filter(
    (f) => f.name && !["hidden", "password", "file", "submit", "button"].includes(f.type) && f.name !== "csrf_token",
  );

  function snapshot(form) {
    return kept(form).map((f) => [f.name, f.value, f.type === "radio" || f.type === "checkbox" ? f.checked : null]);
  }

  const plain = (text) => text.trim().replace(/\s+/g, " ");  // the server tidies spaces: no words are lost with them

  function restore(form, fields) {
    let changed = false;
    for (const [name, value, checked] of fields) {
      for (const field of kept(form).filter((f) => f.name === name)) {
        if (checked === null && plain(field.value) !== plain(value)) { field.value = value; changed = true; }
        if (checked !== null && field.value === value && field.checked !== checked) { field.checked = checked; changed = true; }
      }
    }
    return changed;
  }

  function say(form, text, bad) {
    const box = boxOf(form);
    if (!box) return;
    const line = doc.createElement("span");
    line.className = bad ? "saved fail" : "saved";
    line.textContent = text;
    box.replaceChildren(line);
  }

  function failed(form, key) {
    store.set(keyOf(form), { at: Date.now(), fields: snapshot(form) });
    unsaved.add(form);
    say(form, word(key), true);
  }

  const again = (form) => { if (form.isConnected) window.htmx?.trigger(form, "retry"); };
  const formOf = (event) => event.detail.elt.closest?.("form[data-autosave]") || event.detail.elt.form?.closest?.("form[data-autosave]");

  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    doc.addEventListener(name, (event) => {
      const form = formOf(event);
      if (!form) return;
      failed(form, "Offline");
      setTimeout(() => again(form), 15000);
    });
  }
  doc.addEventListener("htmx:afterRequest", (event) => {
    const form = formOf(event);
    const status = event.detail.xhr?.status;
    if (!form || !status) return;
    if (event.detail.xhr.getResponseHeader("X-CSRFToken") && !form.dataset.renewed) {
      form.dataset.renewed = "1";  // laurel.js has put the fresh token in; a second old one in a row is a refusal
      failed(form, "Offline");
      again(form);
      return;
    }
    if (status >= 400 && status !== 422) { failed(form, "Refused"); return; }
    delete form.dataset.renewed;
    unsaved.delete(form);
    store.drop(keyOf(form));
  });
  addEventListener("online", () => unsaved.forEach(again));

  doc.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-autosave]");
    if (form && unsaved.has(form)) store.set(keyOf(form), { at: Date.now(), fields: snapshot(form) });
  });
  doc.addEventListener("submit", (event) => {
    if (event.target.matches("[data-sign-out]")) {
      for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) store.drop(key);
    }
    unsaved.delete(event.target);
    const form = event.target.closest("form[data-autosave]");
    if (!form || event.defaultPrevented) return;
    store.set(keyOf(form), { at: Date.now(), fields: snapshot(form) });  // until a next page shows that it arrived
    leaving(form);
  });
  addEventListener("beforeunload", (event) => { if (unsaved.size) event.preventDefault(); });

  const forms = [...doc.querySelectorAll("form[data-autosave]")];
  const left = leaving();
  if (left && ledFrom(left.path) && !forms.some((form) => keyOf(form) === left.key)) store.drop(left.key);

  for (const form of forms) {
    const draft = store.get(keyOf(form));
    if (!draft) continue;
    store.drop(keyOf(form));
    if (Date.now() - draft.at > 7 * 86400000 || !restore(form, draft.fields)) continue;
    for (const area of form.querySelectorAll("[data-count]")) area.dispatchEvent(new Event("input", { bubbles: true }));
    say(form, word("Restored"));
    setTimeout(() => again(form), 300);
  }
})();
