// Questions of a form dragged into another order: the same order is posted that the buttons make, one step at a time.
"use strict";
(() => {
  for (const list of document.querySelectorAll("ol[data-order]")) {
    const form = document.getElementById(list.dataset.order);
    const keys = () => [...list.children].map((item) => item.dataset.key).join(" ");
    let held = null, before = "";

    for (const item of list.children) {
      const grip = item.querySelector(".grip");
      grip.hidden = false;
      grip.addEventListener("pointerdown", () => { item.draggable = true; });
      grip.addEventListener("pointerup", () => { item.draggable = false; });
      item.addEventListener("dragstart", (event) => {
        held = item;
        before = keys();
        item.classList.add("held");
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", item.dataset.key);
      });
      item.addEventListener("dragend", () => {
        item.draggable = false;
        item.classList.remove("held");
        held = null;
        if (keys() === before) return;
        form.elements.keys.value = keys();
        form.requestSubmit();
      });
    }
    list.addEventListener("dragover", (event) => {
      if (!held) return;
      event.preventDefault();
      const over = event.target.closest("li[data-key]");
      if (!over || over === held || over.parentNode !== list) return;
      const box = over.getBoundingClientRect();
      list.insertBefore(held, event.clientY < box.top + box.height / 2 ? over : over.nextSibling);
    });
    list.addEventListener("drop", (event) => event.preventDefault());
  }
})();
