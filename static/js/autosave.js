// Saves an answer while it is written. Until the server has it, the tab remembers it too:
// through a reload, a server that is gone, and a sign-in. No text stands in an address.
import { markUnsaved } from "./guard.js";

const PAUSE = 1500;
const RETRY = [2000, 4000, 8000, 15000];
const PATIENCE = 15000;
const KEY = "brygga:written:";

const looked = new WeakSet();

export function saveWhileWriting(root) {
  for (const form of root.querySelectorAll("form[data-autosave]")) {
    if (!looked.has(form)) new Writer(form);
    looked.add(form);
  }
}

// What was sent off is in the server's hands when it shows another page, or asks which of two to keep.
export function forgetWhatWasSent() {
  const isChoice = document.querySelector("[name=keep_stored]") && !document.querySelector("form[data-autosave]");
  try {
    for (const key of Object.keys(sessionStorage)) {
      if (!key.startsWith(KEY) || !JSON.parse(sessionStorage[key]).sent) continue;
      if (isChoice || key !== KEY + location.pathname) {
        sessionStorage.removeItem(key);
      }
    }
  } catch {
    // No storage, no memory: the page works as without scripts.
  }
}

class Writer {
  constructor(form) {
    this.form = form;
    this.key = KEY + location.pathname;
    this.status = form.querySelector("[data-saved]");
    this.written = 0; // goes up with every change
    this.kept = 0; // the change that the server has last taken care of
    this.busy = null;
    this.isOver = false; // a choice waits: nothing more is saved by itself
    this.isGoing = false;
    this.isSignedOut = false;
    this.failures = 0;
    form.addEventListener("input", () => this.changed());
    form.addEventListener("submit", (event) => this.submit(event));
    window.addEventListener("online", () => this.isUnsaved && this.save());
    window.addEventListener("pageshow", () => (this.isGoing = false));
    document.addEventListener("visibilitychange", () => {
      const isHidden = document.visibilityState === "hidden";
      // Signed in again in another window, perhaps.
      if (this.isSignedOut && !isHidden) this.changed(0);
      else if (this.isUnsaved) this.save({ keepalive: isHidden });
    });
    this.takeBack();
  }

  get isUnsaved() {
    return this.written !== this.kept && !this.isOver;
  }

  values() {
    return [...new FormData(this.form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && !(value instanceof File));
  }

  // -- what the tab remembers ----------------------------------------------------------------------

  remember(sent = false) {
    try {
      sessionStorage.setItem(this.key, JSON.stringify({ values: this.values(), sent }));
    } catch {
      // Full or forbidden: the page itself still holds the text.
    }
  }

  forget() {
    try {
      sessionStorage.removeItem(this.key);
    } catch {
      // As above.
    }
  }

  takeBack() {
    let entry = null;
    try {
      entry = JSON.parse(sessionStorage.getItem(this.key));
    } catch {
      // As above.
    }
    const typed = this.form.dataset.typed;
    const answer = (values) => JSON.stringify(values.filter(([name]) => name !== "revision" && name !== "seen"));
    if (!entry || (entry.sent && typed === "posted") || answer(entry.values) === answer(this.values())) {
      this.forget();
      // Kept by the server through a sign-in, say: now it can be saved.
      if (typed === "kept") this.changed(0);
      return;
    }
    this.fill(entry.values);
    this.say(this.form.dataset.back);
    this.changed();
  }

  fill(values) {
    const taken = new Map();
    for (const [name, value] of values) taken.set(name, [...(taken.get(name) ?? []), value]);
    for (const field of this.form.elements) {
      if (!field.name || field.name === "csrfmiddlewaretoken" || field.type === "submit" || field.type === "file") continue;
      const mine = taken.get(field.name) ?? [];
      if (field.type === "checkbox" || field.type === "radio") field.checked = mine.includes(field.value);
      else if (mine.length) field.value = mine[0];
    }
  }

  // -- saving --------------------------------------------------------------------------------------

  changed(pause = PAUSE) {
    if (this.isOver) return;
    this.written += 1;
    this.remember();
    markUnsaved(this.form, true);
    this.later(pause);
  }

  later(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), pause);
  }

  async save(options = {}) {
    clearTimeout(this.timer);
    while (this.busy) await this.busy;
    if (!this.isUnsaved || this.isGoing) return "saved";
    this.busy = this.send(options);
    const outcome = await this.busy;
    this.busy = null;
    this.failures = outcome === "lost" ? this.failures + 1 : 0;
    if (outcome === "lost") this.later(RETRY[Math.min(this.failures, RETRY.length) - 1]);
    else if (this.isUnsaved) this.later(PAUSE);
    return outcome;
  }

  async send({ keepalive = false }, isSecondTry = false) {
    const sent = this.written;
    const body = new FormData(this.form);
    // Files go with the button only.
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    body.set("autosave", "1");
    let answer;
    try {
      const response = await fetch(location.pathname + location.search, {
        method: "POST", body, keepalive, redirect: "error", signal: AbortSignal.timeout(PATIENCE),
      });
      if (response.status === 403 && !isSecondTry && (await this.renewToken())) return this.send({}, true);
      answer = await response.json();
    } catch {
      this.say(this.form.dataset.lost, { state: "lost" });
      return "lost";
    }
    if (answer.state !== "lost") this.kept = sent;
    this.isSignedOut = answer.state === "signed-out";
    this.say(answer.said, answer);
    if (answer.state === "saved") this.saved(answer);
    if (answer.state === "changed") this.isOver = true;
    if (!this.isUnsaved) {
      if (answer.state === "saved" || answer.state === "kept") this.forget();
      if (answer.state !== "changed" && answer.state !== "lost") markUnsaved(this.form, false);
    }
    return answer.state;
  }

  saved(answer) {
    for (const mark of ["revision", "seen"]) this.form.elements[mark].value = answer[mark];
    const advice = this.form.querySelector("[data-reading]");
    if (advice) advice.innerHTML = answer.advice;
    // What was typed meanwhile was typed with this answer in sight.
    if (this.isUnsaved) this.remember();
    document.body.dispatchEvent(new CustomEvent("answer-saved"));
  }

  // Whoever signs in, in another window too, gets a new token; a page that is open has the old one.
  async renewToken() {
    const page = await fetch(location.pathname, { signal: AbortSignal.timeout(PATIENCE) });
    const fresh = new DOMParser().parseFromString(await page.text(), "text/html");
    const token = fresh.querySelector("[name=csrfmiddlewaretoken]")?.value;
    if (!token) return false;
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
    return true;
  }

  // The button saves as without scripts. Only two things make it wait: a save on its way, which would
  // be taken for somebody else's, and a server that does not answer.
  async submit(event) {
    if (event.submitter?.name === "keep_stored") {
      this.isOver = true;
      this.forget();
      return;
    }
    clearTimeout(this.timer);
    if (this.isGoing || (!this.busy && !this.failures && navigator.onLine)) {
      this.go();
      return;
    }
    event.preventDefault();
    if (!navigator.onLine || (await this.save()) === "lost") {
      this.say(this.form.dataset.lost, { state: "lost" });
      markUnsaved(this.form, true);
      this.status?.scrollIntoView({ block: "center" });
      return;
    }
    if (this.isGoing) return;
    this.go();
    this.form.requestSubmit(event.submitter ?? undefined);
  }

  // Sent off by the button: nothing is saved beside it, unless the page is still here long after.
  go() {
    this.isGoing = true;
    setTimeout(() => (this.isGoing = false), 2 * PATIENCE);
    if (this.written) this.remember(true);
  }

  say(text, { state = "", url, link } = {}) {
    if (!this.status) return;
    this.status.dataset.state = state;
    // The same words again are not read out again.
    if (this.status.dataset.said === text) return;
    this.status.dataset.said = text;
    this.status.textContent = text;
    if (!url) return;
    const way = Object.assign(document.createElement("a"), { href: url, textContent: link, className: "ds-link" });
    this.status.append(" ", way);
  }
}
