// The quick match answers in the page. Where that goes wrong, nothing typed is lost.
function isAsking(event) {
  return event.detail.elt?.matches?.("[data-quick-ask]");
}

// The server refused: let it say so in a page of its own, in answer to the same form.
document.addEventListener("htmx:responseError", (event) => {
  if (isAsking(event)) event.detail.elt.form.submit();
});

// Nobody answered: say it where the person is.
document.addEventListener("htmx:sendError", (event) => {
  if (isAsking(event)) document.querySelector("[data-quick-lost]").hidden = false;
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "quick") return;
  const answer = document.querySelector(".error-summary") ?? document.getElementById("answer");
  answer?.scrollIntoView();
  answer?.focus({ preventScroll: true });
});
