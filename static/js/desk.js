// Cards are dragged between columns: dropping one sends the very form that its button sends.
const said = document.getElementById("desk-said");
let dragged = null;

function wayTo(card, stage) {
  const choice = card.querySelector("form select[name=to]");
  return choice && [...choice.options].some((option) => option.value === stage) ? choice : null;
}

function mark(over) {
  for (const column of document.querySelectorAll(".board__column[data-stage]")) {
    const stage = column.dataset.stage;
    column.toggleAttribute("data-open", Boolean(dragged && wayTo(dragged, stage)));
    column.toggleAttribute("data-over", column === over);
  }
}

function makeDraggable(root) {
  for (const card of root.querySelectorAll("[data-card]")) card.draggable = true;
}

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-card]") ?? null;
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.id);
  mark(null);
});

document.addEventListener("dragover", (event) => {
  const column = event.target.closest?.(".board__column[data-stage]");
  if (!dragged || !column) return;
  mark(column);
  event.preventDefault();
});

document.addEventListener("drop", (event) => {
  const column = event.target.closest?.(".board__column[data-stage]");
  if (!dragged || !column) return;
  event.preventDefault();
  const card = dragged;
  if (card.closest(".board__column") === column) return;
  const choice = wayTo(card, column.dataset.stage);
  said.textContent = choice ? said.dataset.moving.replace("{stage}", column.dataset.label) : said.dataset.stays;
  if (!choice) return;
  choice.value = column.dataset.stage;
  choice.form.requestSubmit();
});

document.addEventListener("dragend", () => {
  dragged = null;
  mark(null);
});

// Ticking "all" ticks every box on the page; unticking one of them unticks it.
function boxes() {
  return [...document.querySelectorAll('input[form="several-form"][name="case"]')];
}

function countTicked() {
  const told = document.getElementById("several-number");
  const number = boxes().filter((box) => box.checked).length;
  if (told) told.textContent = number ? told.dataset.words.replace("{number}", number) : "";
}

document.addEventListener("change", (event) => {
  const all = document.getElementById("several-all");
  if (!all) return;
  if (event.target === all) for (const box of boxes()) box.checked = all.checked;
  else if (event.target.matches('input[form="several-form"][name="case"]')) all.checked = boxes().every((box) => box.checked);
  else return;
  countTicked();
});

document.addEventListener("htmx:load", (event) => makeDraggable(event.target));
makeDraggable(document);
