// Light or dark without a reload; the cookie is what the server reads next time.
export function rememberTheme(root) {
  for (const form of root.querySelectorAll("[data-theme-switch]")) {
    form.addEventListener("submit", (event) => {
      const button = event.submitter;
      if (!button) return;
      event.preventDefault();
      document.documentElement.dataset.colorScheme = button.value;
      const secure = location.protocol === "https:" ? "; secure" : "";
      document.cookie = `theme=${button.value}; path=/; max-age=31536000; samesite=lax${secure}`;
      for (const other of form.querySelectorAll("button[name=theme]")) {
        other.setAttribute("aria-pressed", String(other === button));
      }
    });
  }
}
