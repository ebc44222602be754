// Saves what is typed: a few seconds after the last key, and when the page is left. Without this script the form has a
// button for it. Nothing is ever sent for good by itself.

const WAIT = 4000;
const NO_CONNECTION = "Not saved: no connection, your text is still here";
const LOGGED_OUT =
  "Not saved: you are logged out. Your text is still here. Press the button of the form: it is kept until you have signed in again";
const NOT_SAVED = "Not saved: something went wrong, your text is still here";

function watch(form) {
  const line = form.querySelector(".eds-saved");
  const revision = form.elements.draft_revision;
  let timer = 0;
  let changed = false;
  let saving = false;
  let sent = false;

  function data() {
    form.dispatchEvent(new CustomEvent("eds:gather"));
    const found = new FormData(form);
    for (const [name, value] of [...found]) {
      if (value instanceof File) {
        found.delete(name);
      }
    }
    found.delete("draft");
    found.set("save_draft", "auto");
    return found;
  }

  function say(words) {
    line.textContent = words;
  }

  async function save(leaving = false) {
    clearTimeout(timer);
    if (!changed || sent || (saving && !leaving)) {
      return;
    }
    changed = false;
    saving = true;
    try {
      const answer = await fetch(form.action || location.href, {
        method: "POST",
        body: data(),
        redirect: "manual",
        keepalive: leaving,
        headers: { Accept: "application/json" },
      });
      if (answer.type === "opaqueredirect" || answer.status === 403) {
        say(LOGGED_OUT);
        changed = true;
      } else if (answer.headers.get("Content-Type")?.startsWith("application/json")) {
        const told = await answer.json();
        say(told.words);
        revision.value = told.draft_revision ?? revision.value;
        if (told.version && form.elements.version) {
          form.elements.version.value = told.version;
        }
        changed ||= !answer.ok;
      } else {
        say(NOT_SAVED);
        changed = true;
      }
    } catch {
      say(NO_CONNECTION);
      changed = true;
    } finally {
      saving = false;
    }
  }

  function typed() {
    changed = true;
    clearTimeout(timer);
    timer = setTimeout(save, WAIT);
  }

  form.addEventListener("input", typed);
  form.addEventListener("change", typed);
  form.addEventListener("submit", () => {
    sent = true;
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") {
      save(true);
    }
  });
  addEventListener("pagehide", () => save(true));
  addEventListener("online", () => save());
  // Coming back by the browser's "back" button: the form can be sent again.
  addEventListener("pageshow", () => {
    sent = false;
  });
}

for (const form of document.querySelectorAll("form")) {
  if (form.elements.draft_revision) {
    watch(form);
  }
}
