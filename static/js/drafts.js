// Forms that save as one types (data-autosave): what is typed stays on this device until the server has it. What a lost connection or
// a refusal kept from being saved is tried again, and is put back when the page is opened anew. Nothing is kept of what the server has.
"use strict";
(() => {
  const doc = document;
  const PREFIX = "laurel:draft:", LEFT = "laurel:left";
  const WEEK = 7 * 86400000, LATE = 10000, AGAIN = 15000;  // milliseconds: how long words are kept, an answer may take, a retry waits
  const word = (key) => doc.body.dataset["w" + key] || "";
  const keyOf = (form) => PREFIX + (form.getAttribute("hx-post") || location.pathname);

  // A browser may forbid its store, or have no room left: then nothing is kept, and the page says so.
  const store = {
    get(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
    set(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); return true; } catch { return false; } },
    drop(key) { try { localStorage.removeItem(key); } catch { /* nothing is there */ } },
    keys() { try { return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)); } catch { return []; } },
  };

  // Fields ------------------------------------------------------------------------------------------------------------------
  // data-unkept: a field that a button of its own sends, and that saving as one types does not store.
  const kept = (form) => [...form.elements].filter(
    (f) => f.name && !["hidden", "password", "file", "submit", "button"].includes(f.type) && !f.matches("[data-unkept]"),
  );
  const isBox = (f) => f.type === "radio" || f.type === "checkbox";
  const known = new WeakMap();  // what the server has of a field, once this page has saved it
  // Of a group of radio buttons it is the choice that counts, not the button.
  const choice = (f, how) => [...f.form.elements].find((o) => o.type === "radio" && o.name === f.name && o[how])?.value ?? "";
  const stands = (f) => (f.type === "radio" ? choice(f, "checked") : isBox(f) ? f.checked : f.value);
  function loaded(f) {  // what the server had when it made the page, whatever the browser has filled in since
    if (f.type === "radio") return choice(f, "defaultChecked");
    if (isBox(f)) return f.defaultChecked;
    return f.options ? [...f.options].find((o) => o.defaultSelected)?.value ?? f.options[0]?.value ?? "" : f.defaultValue;
  }
  const had = (f) => (known.has(f) ? known.get(f) : loaded(f));
  const snapshot = (form) => kept(form).map((f) => [f.name, f.value, isBox(f) ? f.checked : null, had(f)]);
  const plain = (text) => String(text).trim().replace(/\s+/g, " ");  // the server tidies spaces: no words are lost with them

  const apart = new Map();  // form -> rows of a snapshot whose answer was changed elsewhere: kept until somebody says which it is
  const draft = (form) => ({ at: Date.now(), fields: [...snapshot(form), ...(apart.get(form) || [])] });
  function drop(form) {
    if (apart.get(form)?.size) store.set(keyOf(form), { at: Date.now(), fields: [...apart.get(form)] });
    else store.drop(keyOf(form));
  }

  // Puts back what the server never had; the parts of the form that changed by it. Where the answer was changed elsewhere since, that
  // stays, and the words of this device stand beside it.
  function restore(form, fields) {
    const parts = new Set();
    for (const row of fields) {
      const [name, value, checked, base] = row;
      for (const field of kept(form).filter((f) => f.name === name && (checked === null || f.value === value))) {
        if (field.type === "radio" && !checked) continue;
        const said = isBox(field) && field.type !== "radio" ? checked : value;
        const [mine, before, here] = [said, base, loaded(field)].map(plain);
        if (mine === here || mine === before) continue;
        if (base !== undefined && before !== here) { if (checked !== false) aside(form, field, row); continue; }
        if (checked === null) field.value = value; else field.checked = checked;
        parts.add(partOf(field));
      }
    }
    return parts;
  }

  function aside(form, field, row) {
    const [, value, checked] = row, note = doc.createElement("div"), text = doc.createElement("p"), words = doc.createElement("p");
    const settled = () => { apart.get(form).delete(row); note.remove(); field.focus(); };
    const button = (label, press) => {
      const made = doc.createElement("button");
      made.type = "button";
      made.className = "btn s line";
      made.textContent = label;
      made.addEventListener("click", press);
      return made;
    };
    if (!apart.has(form)) apart.set(form, new Set());
    apart.get(form).add(row);
    note.className = "note fill stack-s";
    text.textContent = word("Apart");
    words.className = "pre break";
    words.textContent = checked ? field.labels?.[0]?.innerText || value : value;
    const use = button(word("Use"), () => {
      if (checked) field.checked = true; else field.value = value;
      settled();
      field.dispatchEvent(new Event(checked ? "change" : "input", { bubbles: true }));
    });
    const leave = button(word("Leave"), () => {
      settled();
      if (waiting.has(form)) store.set(keyOf(form), draft(form)); else drop(form);
    });
    note.append(text, words, use, " ", leave);
    (field.closest("fieldset,.field") || field).after(note);
  }

  // What waits to be saved ----------------------------------------------------------------------------------------------------
  // A form's part is what is sent by itself: on the scoring sheet a criterion, elsewhere the form.
  const partOf = (field) => field.closest("[hx-post]");
  const waiting = new Map();  // form -> { parts: part -> { edit, word }, asked, retry }; word: why it was not saved, "" while nobody knows
  let edits = 0;

  function say(form, text) {
    const box = doc.querySelector(form.dataset.autosave || "#saved");
    if (!box) return;
    const line = doc.createElement("span");
    line.className = "saved fail";
    line.textContent = text;
    box.replaceChildren(line);
  }

  function mark(form, part, why = "") {
    if (!waiting.has(form)) waiting.set(form, { parts: new Map(), asked: 0, retry: 0 });
    const { parts } = waiting.get(form);
    const before = parts.get(part);
    parts.set(part, { edit: why ? before?.edit ?? edits : ++edits, word: why || before?.word || "" });
    return store.set(keyOf(form), draft(form));
  }
  function failed(form, part, why) {
    const safe = mark(form, part, why);
    say(form, word(safe ? why : "Unkept"));
  }
  function settle(form) {
    const wait = waiting.get(form);
    if (wait) { clearTimeout(wait.asked); clearTimeout(wait.retry); }
    waiting.delete(form);
  }
  const again = (form) => { if (form.isConnected && waiting.has(form)) window.htmx?.trigger(form, "retry"); };
  function later(form) {
    const wait = waiting.get(form);
    wait.retry ||= setTimeout(() => { wait.retry = 0; again(form); }, AGAIN);
  }

  // Requests ------------------------------------------------------------------------------------------------------------------
  const sent = new WeakMap();  // request -> { edit: the last one that it carries, fields: [field, value] }
  function saving(event) {  // the form whose words this request carries: its own, or a part's, and no look-up on the way
    const { elt, requestConfig } = event.detail;
    const form = elt.closest?.("form[data-autosave]");
    return form && requestConfig?.verb === "post" && (elt === form || elt.matches("[hx-post]:not(button,input)")) ? form : null;
  }
  doc.addEventListener("htmx:beforeRequest", (event) => {
    const form = saving(event), { elt, xhr } = event.detail;
    if (!form) return;
    const carried = kept(form).filter((f) => elt === form || elt.contains(f));
    sent.set(xhr, { edit: edits, fields: carried.map((f) => [f, stands(f)]) });
    const wait = waiting.get(form);
    if (wait) wait.asked ||= setTimeout(() => failed(form, elt, "Offline"), LATE);  // a link that hangs tells nothing
  });
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    doc.addEventListener(name, (event) => {
      const form = saving(event);
      if (!form) return;
      failed(form, event.detail.elt, "Offline");
      later(form);
    });
  }
  doc.addEventListener("htmx:afterRequest", (event) => {
    const form = saving(event), { elt, xhr } = event.detail;
    if (!form || !xhr?.status) return;
    if (xhr.getResponseHeader("X-CSRFToken") && !form.dataset.renewed) {
      form.dataset.renewed = "1";  // laurel.js has put the fresh token in; a second old one in a row is a refusal
      failed(form, elt, "Offline");
      again(form);
    } else if (xhr.status > 500 || xhr.status === 429) {  // a proxy while the program starts anew, or the brakes
      failed(form, elt, "Offline");
      later(form);
    } else if (xhr.status >= 400) failed(form, elt, "Refused");
    else if (xhr.getResponseHeader("HX-Redirect")) settle(form);  // to sign in: the words stay until they are sent again from there
    else arrived(form, elt, sent.get(xhr));
  });
  function arrived(form, part, request) {
    delete form.dataset.renewed;
    for (const [field, value] of request.fields) known.set(field, value);
    const wait = waiting.get(form);
    if (!wait) return;
    clearTimeout(wait.asked);
    wait.asked = 0;
    for (const [each, { edit }] of wait.parts) {
      if ((each === part || part === form) && edit <= request.edit) wait.parts.delete(each);
    }
    const why = [...wait.parts.values()].find((each) => each.word)?.word;
    if (why) say(form, word(why));  // another part is not saved yet
    if (wait.parts.size) return;
    settle(form);
    drop(form);
  }
  addEventListener("online", () => [...waiting.keys()].forEach(again));
  addEventListener("beforeunload", (event) => {
    if ([...waiting.values()].some(({ parts }) => [...parts.values()].some((part) => part.word))) event.preventDefault();
  });
  for (const name of ["input", "change"]) {
    doc.addEventListener(name, ({ target }) => {
      const form = target.form?.closest("form[data-autosave]");
      if (form && kept(form).includes(target)) mark(form, partOf(target));
    });
  }

  // Leaving by a button: the page that comes next tells whether it arrived -----------------------------------------------------------
  function leaving(key) {
    try {
      const before = sessionStorage.getItem(LEFT);
      if (key) sessionStorage.setItem(LEFT, JSON.stringify({ key, path: location.pathname }));
      else sessionStorage.removeItem(LEFT);
      return JSON.parse(before);
    } catch { return null; }
  }
  // Whether the form's page led to this one: who goes back from a dead page, or loads a page anew, does not come from there.
  function ledFrom(path) {
    const how = performance.getEntriesByType("navigation")[0]?.type;
    return how === "navigate" && (!doc.referrer || new URL(doc.referrer).pathname === path);
  }
  const left = leaving();
  const missed = left && doc.querySelector("[data-not-arrived]") ? left.key : null;  // an error's page: the words are kept

  doc.addEventListener("submit", (event) => {
    const form = event.target, action = new URL(form.action, location.href).pathname;
    if (form.matches("[data-sign-out]")) store.keys().forEach(store.drop);
    if (action.endsWith("/forget")) {
      store.keys().filter((key) => key.startsWith(PREFIX + action.slice(0, -"forget".length))).forEach(store.drop);
    }
    if (event.defaultPrevented) return;
    if (missed && form.closest("[data-not-arrived]")) leaving(missed);  // sent again from there
    if (!form.matches("[data-autosave]")) return;
    settle(form);
    store.set(keyOf(form), draft(form));  // until a next page shows that it arrived
    leaving(keyOf(form));
  });

  // This page -----------------------------------------------------------------------------------------------------------------
  const forms = [...doc.querySelectorAll("form[data-autosave]")];
  if (left && !missed && ledFrom(left.path) && !forms.some((form) => keyOf(form) === left.key)) store.drop(left.key);
  for (const key of store.keys()) if (!(Date.now() - store.get(key)?.at < WEEK)) store.drop(key);

  for (const form of forms) {
    const found = store.get(keyOf(form));
    if (!found) continue;
    const parts = restore(form, found.fields);
    if (apart.has(form)) say(form, word("Aside"));
    if (!parts.size) { drop(form); continue; }
    for (const part of parts) mark(form, part);
    for (const area of form.querySelectorAll("[data-count]")) area.dispatchEvent(new Event("input", { bubbles: true }));
    if (!apart.has(form)) say(form, word("Restored"));
    setTimeout(() => again(form), 300);
  }
})();
