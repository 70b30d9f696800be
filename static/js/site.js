// Small comforts. Every page works without them.
import { rememberTheme } from "./theme.js";
import { countCharacters } from "./count.js";
import { focusErrors } from "./errors.js";
import { guardUnsaved } from "./guard.js";
import { forgetWhatWasSent, saveWhileWriting } from "./autosave.js";

function enhance(root) {
  rememberTheme(root);
  countCharacters(root);
  guardUnsaved(root);
  saveWhileWriting(root);
}

forgetWhatWasSent();
enhance(document);
focusErrors(document);
document.addEventListener("htmx:load", (event) => {
  enhance(event.target);
  focusErrors(event.target);
});

// New results are read out: the list itself is replaced, so its heading cannot be a live region.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id !== "results") return;
  const heading = document.querySelector("#results h2");
  document.getElementById("announcer").textContent = heading ? heading.textContent.trim() : "";
});
