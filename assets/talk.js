// A comfort, never a need: shows how a comment will look while it is written, keeps it over signing in anew, and
// lets those who moderate go through their queue by keys (j next, k previous, a approve, h hide, d delete). Every page is complete
// without it.
"use strict";

for (const field of document.querySelectorAll("textarea[data-preview]")) {
  const box = document.getElementById(field.dataset.preview);
  let timer, last = field.value;
  const show = async () => {
    const words = last = field.value;
    if (!words.trim()) { box.hidden = true; return; }
    const answer = await fetch("/comments/preview", { method: "POST", body: new URLSearchParams({ body: words }) }).catch(() => null);
    if (!answer?.ok || answer.redirected || words !== field.value) return;
    // Sanitised by the server, as the comment itself will be.
    box.querySelector(".prose").innerHTML = await answer.text();
    box.hidden = false;
  };
  field.addEventListener("input", () => {
    clearTimeout(timer);
    if (field.value !== last) timer = setTimeout(show, 400);
  });
}

// Signed out while writing: for an hour the words wait in this browser for the form she comes back to.
const unsent = document.querySelector("[data-unsent]");
for (const field of document.querySelectorAll("textarea[data-preview]")) {
  const name = "unsent " + field.form.getAttribute("action");
  const keep = () => localStorage.setItem(name, JSON.stringify([Date.now(), field.value]));
  const kept = JSON.parse(localStorage.getItem(name) ?? "[0]");
  localStorage.removeItem(name);
  if (unsent) {
    keep();
    field.addEventListener("input", keep);
    field.form.addEventListener("submit", () => localStorage.removeItem(name));
  } else if (Date.now() - kept[0] < 3600000) field.value = kept[1];
}

const queue = document.querySelector("[data-queue]");
if (queue) {
  const items = [...queue.children];
  let at = -1;
  const go = (to) => {
    at = Math.max(0, Math.min(items.length - 1, to));
    items[at].tabIndex = -1;
    items[at].focus();
    items[at].scrollIntoView({ block: "nearest" });
  };
  // What was decided is gone when the page is here again: whoever goes by keys goes on at the next.
  const next = sessionStorage.getItem("queue");
  sessionStorage.removeItem("queue");
  if (items.some((item) => item.id === next)) go(items.findIndex((item) => item.id === next));
  let byKey = false;
  queue.addEventListener("submit", (event) => {
    if (!byKey && !event.submitter?.matches(":focus-visible")) return;
    const here = event.target.closest("[data-queue] > *");
    const after = event.target.closest("details") ? here : here.nextElementSibling ?? here.previousElementSibling;
    if (after) sessionStorage.setItem("queue", after.id);
  });
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
    if (event.key === "j") go(at + 1);
    else if (event.key === "k") go(at - 1);
    else {
      const here = event.target.closest("[data-queue] > *") ?? items[at];
      const button = here?.querySelector(`button[data-key="${CSS.escape(event.key)}"]`);
      if (!button) return;
      byKey = true;
      button.click();
    }
    event.preventDefault();
  });
}
