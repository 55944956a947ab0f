// Shows a password while somebody wants to see what they type. Without this script it stays hidden.
"use strict";

for (const button of document.querySelectorAll("[data-shows]")) {
  const field = document.getElementById(button.dataset.shows);
  button.hidden = false;
  button.addEventListener("click", function () {
    const shown = field.type === "password";
    field.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
  });
  // A browser offers again what was sent from a field of text: what is sent was never one.
  field.form.addEventListener("submit", function () { field.type = "password"; });
}
