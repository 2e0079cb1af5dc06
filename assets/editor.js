// A comfort in the editor: what is typed is kept, the preview follows, a picture goes where the cursor is.
// Without it every button does its work by itself.
"use strict";
(() => {
  const form = document.querySelector("form[data-editor]");
  if (!form) return;
  const said = form.querySelector("[data-said]");
  const shown = form.querySelector("[data-shown]");
  const body = form.elements.body;
  const text = () => new URLSearchParams(new FormData(form));
  const say = (words) => { said.textContent = words; };

  let isDirty = false, isSending = false, timer, saved = false;
  const keep = async (last) => {
    if (!isDirty || isSending || saved || !form.elements.title.value.trim()) return;
    isDirty = false;
    isSending = true;
    try {
      const answer = await fetch(form.dataset.autosave, { method: "POST", body: text(), keepalive: last });
      if (!answer.ok) throw new Error(answer.status);
      const { path, version } = await answer.json();
      if (form.getAttribute("action") !== path) {
        form.setAttribute("action", path);
        form.dataset.autosave = path + "/autosave";
        form.elements.version.value = version;
        history.replaceState(null, "", path);
      }
      const now = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
      say(form.dataset.kept + " " + now);
    } catch {
      isDirty = true;
      say(form.dataset.failed);
    } finally {
      isSending = false;
      if (isDirty) wait();
    }
  };
  const wait = () => { clearTimeout(timer); timer = setTimeout(keep, 3000); };

  let drawing;
  const draw = async () => {
    const answer = await fetch(form.dataset.preview, { method: "POST", body: text() });
    if (!answer.ok || answer.redirected) return;
    shown.querySelector(".prose").innerHTML = await answer.text();
    shown.hidden = false;
  };

  form.addEventListener("input", () => {
    isDirty = true;
    wait();
    if (!shown.hidden) {
      clearTimeout(drawing);
      drawing = setTimeout(draw, 600);
    }
  });
  form.addEventListener("submit", (event) => {
    if (event.submitter?.value !== "preview") {
      saved = true;
      return;
    }
    event.preventDefault();
    if (shown.hidden) draw();
    else shown.hidden = true;
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") keep(text().toString().length < 60000);
  });

  const insert = document.querySelector("form[data-insert]");
  insert?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = insert.querySelector("button");
    button.disabled = true;
    try {
      const headers = { accept: "application/json" };
      const answer = await fetch(insert.action, { method: "POST", headers, body: new FormData(insert) });
      if (!answer.ok) throw new Error(answer.status);
      const { markdown } = await answer.json();
      body.setRangeText("\n\n" + markdown + "\n\n", body.selectionEnd, body.selectionEnd, "end");
      body.dispatchEvent(new Event("input", { bubbles: true }));
      insert.reset();
      body.focus();
    } catch {
      // The page says what is wrong.
      isDirty = true;
      await keep(false);
      insert.submit();
    } finally {
      button.disabled = false;
    }
  });
})();
