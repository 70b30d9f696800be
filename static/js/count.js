// Characters left, while writing. The number is for the eye; the limit is said to screen readers in the hint.
export function countCharacters(root) {
  for (const area of root.querySelectorAll("[data-count]")) {
    const field = area.closest(".field");
    const live = field?.querySelector("[data-counter-live]");
    if (!live) continue;
    const limit = Number(area.dataset.count);
    const rule = field.querySelector("[data-counter]");
    const update = () => {
      const left = limit - [...area.value].length;
      live.textContent = (left < 0 ? live.dataset.excess : live.dataset.left).replace("{number}", Math.abs(left));
      live.toggleAttribute("data-over", left < 0);
    };
    rule.classList.add("ds-sr-only");
    live.hidden = false;
    area.addEventListener("input", update);
    update();
  }
}
