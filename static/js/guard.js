// Asks before a page with unsaved text is left.
const changed = new Set();

window.addEventListener("beforeunload", (event) => {
  for (const form of changed) {
    if (form.isConnected) event.preventDefault();
  }
});

export function guardUnsaved(root) {
  for (const form of root.querySelectorAll("form[data-guard]")) {
    form.addEventListener("input", () => changed.add(form));
    form.addEventListener("submit", () => changed.delete(form));
  }
}

// For who saves without leaving the page: there is something to lose, or no longer.
export function markUnsaved(form, isUnsaved) {
  if (isUnsaved) changed.add(form);
  else changed.delete(form);
}
