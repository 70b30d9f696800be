// What needs correcting, or has just happened, gets the focus; links in it lead into the fields.
export function focusErrors(root) {
  const summary = root.matches?.("[data-focus]") ? root : root.querySelector("[data-focus]");
  if (!summary) return;
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    const field = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!field) return;
    event.preventDefault();
    (field.closest("fieldset, .field") ?? field).scrollIntoView({ block: "start" });
    field.focus({ preventScroll: true });
  });
}
